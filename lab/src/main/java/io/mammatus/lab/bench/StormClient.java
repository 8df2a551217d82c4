package io.mammatus.lab.bench;

import io.mammatus.lab.bench.StormFigures.Stage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * All machines of a storm, a process of its own in the client's namespace, with a virtual thread
 * each. A line of the standard input switches them on; lines of the output are how many are in
 * which stage, each second, and then one JSON object after {@code result }.
 */
public final class StormClient {

  static final String RESULT = "result ";
  static final String INTERFACE = "to-ours";

  private static final long SWITCHED_ON_WITHIN = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST_SILENCE = Duration.ofSeconds(30).toNanos();
  private static final int BUFFER = 128 << 10;

  private StormClient() {}

  /**
   * @param arguments how many machines, the folder of loaders and that of images
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int machines = Integer.parseInt(arguments[0]);
    StormPayloads payloads = StormPayloads.read(Path.of(arguments[1]), Path.of(arguments[2]));
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < machines; i++) {
      buffers.add(ByteBuffer.allocateDirect(BUFFER));
    }
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    try (StormPort port = new StormPort(INTERFACE)) {
      System.out.println("ready");
      while (orders.readLine() != null) {
        StormFigures figures = new StormFigures();
        List<StormMachine> rack = new ArrayList<>();
        for (int i = 0; i < machines; i++) {
          rack.add(new StormMachine(i, port, payloads, figures, buffers.get(i)));
        }
        double seconds = storm(rack);
        System.out.println(RESULT + figures.json(seconds).encode());
      }
    }
  }

  /** Switches all on, one after the other, within a second; waits for all. */
  private static double storm(List<StormMachine> rack) throws IOException, InterruptedException {
    CountDownLatch running = new CountDownLatch(rack.size());
    long began = System.nanoTime();
    Thread.ofVirtual()
        .start(() -> {
          for (int i = 0; i < rack.size(); i++) {
            StormMachine machine = rack.get(i);
            long due = began + SWITCHED_ON_WITHIN * i / rack.size();
            while (System.nanoTime() < due) {
              LockSupport.parkNanos(due - System.nanoTime());
            }
            Thread.ofVirtual()
                .start(() -> {
                  machine.run();
                  running.countDown();
                });
          }
        });
    while (!running.await(1, TimeUnit.SECONDS)) {
      List<Stage> stages = new ArrayList<>();
      for (StormMachine machine : rack) {
        machine.giveUpIfSilent(LONGEST_SILENCE);
        stages.add(machine.stage());
      }
      System.out.println(StormFigures.line(stages));
    }
    return (System.nanoTime() - began) / 1e9;
  }
}
