package io.mammatus.pxe.httpboot;

import io.mammatus.core.net.Ipv4;
import io.mammatus.pxe.trace.BootProgress;
import io.mammatus.pxe.trace.BootProgress.Stage;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PxeTrace;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.Host;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;

/** Tells the trace how far each machine is with what it fetches. */
final class Transfers {

  private final BootViews views;
  private final PxeTrace trace;

  Transfers(BootViews views, PxeTrace trace) {
    this.views = views;
    this.trace = trace;
  }

  /** One of them. */
  final class Transfer {
    private final Ipv4 client;
    private final Optional<Host> host;
    private final String step;
    private final String file;
    private final long began = System.nanoTime();

    private Transfer(Ipv4 client, String step, String file) {
      this.client = client;
      this.host = views.current().hostByAddress(client);
      this.step = step;
      this.file = file;
    }

    void report(Stage stage, long octets) {
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      trace.progress(new BootProgress(client, host, step, file, stage, octets, took));
    }
  }

  /** A file was asked for in a way that cannot be answered with any of it. */
  void refused(String reason) {
    trace.count("http", PacketVerdict.Outcome.IGNORED, "GET", reason);
  }

  Transfer begin(HttpServerRequest request, String step, String file) {
    return new Transfer(Ipv4.parse(request.remoteAddress().hostAddress()), step, file);
  }
}
