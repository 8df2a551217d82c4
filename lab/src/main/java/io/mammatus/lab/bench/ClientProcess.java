package io.mammatus.lab.bench;

import io.mammatus.lab.Layout;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** The {@link BenchClient} in its namespace. */
final class ClientProcess implements AutoCloseable {

  private final Process process;
  private final BufferedWriter orders;
  private final BufferedReader answers;

  ClientProcess(BenchNet net) throws IOException {
    process =
        new ProcessBuilder(
                BenchNet.inside(
                    net.client(),
                    List.of(
                        Layout.java(),
                        "-Xmx1g",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-cp",
                        Layout.libraries() + "/*",
                        BenchClient.class.getName())))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    orders = process.outputWriter();
    answers = process.inputReader();
  }

  /**
   * Gives an order and waits for its end.
   *
   * @return seconds, as many as the order says
   */
  double[] order(String format, Object... arguments) throws IOException {
    String order = format.formatted(arguments);
    orders.write(order + "\n");
    orders.flush();
    String answer = answers.readLine();
    if (answer == null || !answer.startsWith("ok ")) {
      throw new IOException(order + ": " + answer);
    }
    return Arrays.stream(answer.substring(3).split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
