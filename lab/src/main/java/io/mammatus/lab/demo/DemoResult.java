package io.mammatus.lab.demo;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The demo's figures; its last line. */
public record DemoResult(
    int machines,
    List<Double> powerOnToReadySeconds,
    double instanceCreateToSshSeconds,
    long controlPlaneRssMiB,
    double totalSeconds) {

  public String json() {
    String ready =
        powerOnToReadySeconds.stream().map(DemoResult::number).collect(Collectors.joining(","));
    return "{\"demo\":\"ok\",\"machines\":%d,\"powerOnToReadySeconds\":[%s],\"instanceCreateToSshSeconds\":%s,\"controlPlaneRssMiB\":%d,\"totalSeconds\":%s}"
        .formatted(
            machines,
            ready,
            number(instanceCreateToSshSeconds),
            controlPlaneRssMiB,
            number(totalSeconds));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
