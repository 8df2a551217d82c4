package io.mammatus.pxe.lab;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.commons.net.tftp.TFTP;
import org.apache.commons.net.tftp.TFTPClient;

/** Fetches one file with Commons Net's TFTP client, which knows RFC 1350 and no options. */
public final class CommonsNetFetch {

  private CommonsNetFetch() {}

  /** Arguments: server, name, where to. */
  public static void main(String[] arguments) throws IOException {
    TFTPClient client = new TFTPClient();
    client.setDefaultTimeout(Duration.ofSeconds(5));
    client.open();
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[2])))) {
      client.receiveFile(arguments[1], TFTP.BINARY_MODE, out, arguments[0]);
    } finally {
      client.close();
    }
  }
}
