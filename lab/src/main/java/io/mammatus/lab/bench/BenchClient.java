package io.mammatus.lab.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;

/**
 * The client's side of the file benches, a process of its own in the client's namespace; one for
 * all servers and rounds, so that its compiler has done its work. A line of the standard input is
 * an order, a line of the output the answer: {@code ok} and seconds, or {@code failed} and why.
 *
 * <pre>
 * tftp ADDRESS FILE SIZE SHA256 BLKSIZE WINDOWSIZE CLIENTS   seconds of each client
 * http ADDRESS:PORT PATH SIZE CLIENTS TIMES                  seconds until the last had it, each so many times
 * check ADDRESS:PORT PATH SHA256                             one fetch whose content is checked
 * </pre>
 */
public final class BenchClient {

  private BenchClient() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      String answer;
      try {
        answer = "ok " + seconds(obey(order.split(" ")));
      } catch (IOException | RuntimeException e) {
        answer = "failed " + String.valueOf(e).replace('\n', ' ');
      }
      System.out.println(answer);
    }
  }

  private static String seconds(List<Long> nanos) {
    return nanos.stream()
        .map(value -> String.format(Locale.ROOT, "%.6f", value / 1e9))
        .collect(Collectors.joining(" "));
  }

  private static List<Long> obey(String[] order) throws IOException {
    return switch (order[0]) {
      case "tftp" -> tftp(order);
      case "http" -> http(order);
      case "check" -> check(order);
      default -> throw new IllegalArgumentException("no such order: " + order[0]);
    };
  }

  private static List<Long> tftp(String[] order) throws IOException {
    List<TftpFetch> fetches = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(order[7]); i++) {
      fetches.add(
          new TftpFetch(
              BenchNet.clientAddress(order[1], i),
              new InetSocketAddress(order[1], 69),
              order[2],
              Integer.parseInt(order[3]),
              Integer.parseInt(order[5]),
              Integer.parseInt(order[6])));
    }
    List<Long> took = together(fetches.stream().<Callable<Long>>map(f -> f::run).toList());
    byte[] first = fetches.getFirst().content();
    if (!sha256().digestHex(first).equals(order[4])) {
      throw new IOException("the content is not what it should be");
    }
    for (TftpFetch fetch : fetches) {
      if (!Arrays.equals(first, fetch.content())) {
        throw new IOException("one of the contents is not what it should be");
      }
    }
    return took;
  }

  private static List<Long> http(String[] order) throws IOException {
    long size = Long.parseLong(order[3]);
    List<Callable<Long>> all = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(order[4]); i++) {
      HttpFetch fetch =
          new HttpFetch(address(order[1]), order[2], HttpFetch.Terms.usual(), _ -> {});
      all.add(() -> {
        for (int times = Integer.parseInt(order[5]); times > 0; times--) {
          if (fetch.run() != size) {
            throw new IOException("the content has another length");
          }
        }
        return 0L;
      });
    }
    long began = System.nanoTime();
    together(all);
    return List.of(System.nanoTime() - began);
  }

  private static List<Long> check(String[] order) throws IOException {
    long began = System.nanoTime();
    MessageDigest digest = sha256().digest;
    new HttpFetch(address(order[1]), order[2], HttpFetch.Terms.usual(), digest::update).run();
    if (!HexFormat.of().formatHex(digest.digest()).equals(order[3])) {
      throw new IOException("the content is not what it should be");
    }
    return List.of(System.nanoTime() - began);
  }

  private static InetSocketAddress address(String text) {
    int colon = text.indexOf(':');
    return new InetSocketAddress(
        text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  /** Begins all at one moment, each on a thread of its own. */
  private static List<Long> together(List<Callable<Long>> all) throws IOException {
    CountDownLatch begin = new CountDownLatch(1);
    List<FutureTask<Long>> tasks = new ArrayList<>();
    for (Callable<Long> one : all) {
      FutureTask<Long> task =
          new FutureTask<>(() -> {
            begin.await();
            return one.call();
          });
      tasks.add(task);
      Thread.ofPlatform().daemon().start(task);
    }
    begin.countDown();
    List<Long> results = new ArrayList<>();
    for (FutureTask<Long> task : tasks) {
      try {
        results.add(task.get());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (ExecutionException e) {
        throw new IOException("a client failed: " + e.getCause(), e);
      }
    }
    return results;
  }

  private record Sha256(MessageDigest digest) {
    String digestHex(byte[] content) {
      return HexFormat.of().formatHex(digest.digest(content));
    }
  }

  private static Sha256 sha256() {
    try {
      return new Sha256(MessageDigest.getInstance("SHA-256"));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
