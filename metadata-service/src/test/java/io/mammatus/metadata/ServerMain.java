package io.mammatus.metadata;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Clock;
import java.util.List;

/**
 * The metadata service in a process of its own, for a test that runs it in a network namespace.
 *
 * <p>Arguments: interface, how many requests at once. Prints each trace record, and {@code READY}.
 */
public final class ServerMain {

  private ServerMain() {}

  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    MetadataService service =
        new MetadataService(
            new MetadataConfig(
                io.mammatus.core.net.Ipv4.parse("169.254.169.254"), 80, List.of(arguments[0])),
            () -> Clouds.withInstance("web", Clouds.ADDRESS, Clouds.MAC),
            record -> System.out.println(record),
            Clock.systemUTC(),
            new io.micrometer.core.instrument.simple.SimpleMeterRegistry(),
            Integer.parseInt(arguments[1]));
    vertx
        .deployVerticle(service)
        .onComplete(
            id -> System.out.println("READY"),
            failure -> {
              System.out.println("FAILED " + failure);
              Runtime.getRuntime().exit(1);
            });
  }
}
