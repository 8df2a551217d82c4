package io.mammatus.lab.bench;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Begins transfers and acknowledges what never came, again and again; ends each with a packet that
 * no reader sends, an error, or nothing at all.
 */
final class AckStorm {

  private static final int ACKS = 60;
  private static final byte[] REQUEST =
      "\0\1five.bin\0octet\0windowsize\00016\0blksize\0001000\0"
          .getBytes(StandardCharsets.US_ASCII);

  private final int number;
  private final Consumer<String> sent;
  private final Random random;

  AckStorm(int number, Consumer<String> sent) {
    this.number = number;
    this.sent = sent;
    this.random = new Random(number);
  }

  void run(BooleanSupplier over) {
    while (!over.getAsBoolean()) {
      try {
        transfer();
      } catch (IOException e) {
        sent.accept("storm-unanswered");
      }
    }
  }

  private void transfer() throws IOException {
    String own = FloodNet.hostileAddress(number);
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(own, 0))) {
      socket.setSoTimeout(1000);
      send(socket, REQUEST, new InetSocketAddress(FloodNet.SERVER, 69));
      DatagramPacket first = new DatagramPacket(new byte[2048], 2048);
      socket.receive(first);
      for (int i = 0; i < ACKS; i++) {
        byte[] ack = {0, 4, (byte) random.nextInt(256), (byte) random.nextInt(256)};
        send(socket, ack, first.getSocketAddress());
        sent.accept("storm-ack");
        drain(socket);
      }
      byte[] last = {0, (byte) (random.nextBoolean() ? 3 : 7), 0, 1, 'x'};
      send(socket, last, first.getSocketAddress());
      sent.accept(last[1] == 3 ? "storm-data" : "storm-noise");
    }
  }

  /** Waits as long as a packet takes that may come, and so keeps the rate low. */
  private static void drain(DatagramSocket socket) throws IOException {
    socket.setSoTimeout(5);
    try {
      socket.receive(new DatagramPacket(new byte[2048], 2048));
    } catch (SocketTimeoutException e) {
      // Nothing came: nothing was acknowledged.
    }
  }

  private static void send(DatagramSocket socket, byte[] octets, SocketAddress to)
      throws IOException {
    socket.send(new DatagramPacket(octets, octets.length, to));
  }
}
