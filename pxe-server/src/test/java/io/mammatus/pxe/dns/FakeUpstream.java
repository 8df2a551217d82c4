package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** A name server that does as a test says, by UDP and TCP, and remembers what it was asked. */
final class FakeUpstream implements AutoCloseable {

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Function<Message, Optional<Message>> behaviour;
  private final DatagramSocket udp;
  private final ServerSocket tcp;

  /**
   * @param behaviour what it answers, if anything; by UDP what is too long is cut off
   */
  FakeUpstream(String address, int port, Function<Message, Optional<Message>> behaviour)
      throws IOException {
    this.behaviour = behaviour;
    InetAddress local = InetAddress.getByName(address);
    this.udp = new DatagramSocket(port, local);
    this.tcp = new ServerSocket(port, 16, local);
    Thread.startVirtualThread(() -> untilClosed(this::datagrams));
    Thread.startVirtualThread(() -> untilClosed(this::connections));
  }

  /** Names in lower case, each with {@code +edns} or {@code -edns}; not those of probes. */
  List<String> asked() {
    return asked.stream().filter(name -> !name.startsWith(".")).toList();
  }

  /** Whether it was asked for the root. */
  boolean wasProbed() {
    return asked.stream().anyMatch(name -> name.startsWith("."));
  }

  /** An address for every name. */
  static Message address(Message question, String... addresses) {
    Message answer = answer(question, Rcode.NOERROR);
    Name name = question.getQuestion().getName();
    for (String address : addresses) {
      answer.addRecord(ZoneRecords.a(name, Ipv4.parse(address)), Section.ANSWER);
    }
    return answer;
  }

  static Message answer(Message question, int rcode) {
    Message answer = new Message(question.getHeader().getID());
    answer.getHeader().setFlag(Flags.QR);
    answer.getHeader().setRcode(rcode);
    answer.addRecord(question.getQuestion(), Section.QUESTION);
    return answer;
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void untilClosed(Work work) {
    try {
      while (true) {
        work.run();
      }
    } catch (SocketException e) {
      // closed: the test is over
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void datagrams() throws IOException {
    DatagramPacket in = new DatagramPacket(new byte[4096], 4096);
    udp.receive(in);
    Message question = new Message(Arrays.copyOf(in.getData(), in.getLength()));
    Optional<Message> answer = answered(question);
    if (answer.isPresent()) {
      byte[] octets = answer.get().toWire(1232);
      udp.send(new DatagramPacket(octets, octets.length, in.getSocketAddress()));
    }
  }

  private void connections() throws IOException {
    try (Socket client = tcp.accept()) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      Message question = new Message(in.readNBytes(in.readUnsignedShort()));
      Optional<Message> answer = answered(question);
      if (answer.isPresent()) {
        byte[] octets = answer.get().toWire(65535);
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        out.writeShort(octets.length);
        out.write(octets);
      }
    }
  }

  private Optional<Message> answered(Message question) {
    String name = question.getQuestion().getName().toString().toLowerCase(Locale.ROOT);
    asked.add(name + (question.getOPT() == null ? "-edns" : "+edns"));
    return behaviour.apply(question);
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}
