package io.mammatus.pxe.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** BusyBox's client. */
final class Udhcpc extends RealClient {

  private static final List<String> VARIABLES =
      List.of(
          "serverid",
          "subnet",
          "router",
          "dns",
          "domain",
          "search",
          "ntpsrv",
          "mtu",
          "lease",
          "staticroutes");

  private final Hook hook;

  Udhcpc(Namespace where, Path folder) throws IOException {
    super(where, folder);
    this.hook = new Hook(folder.resolve("hook"));
  }

  @Override
  List<String> command(Set<With> with) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "udhcpc",
                "-f",
                "-i",
                "eth0",
                "-t",
                "30",
                "-T",
                "1",
                "-A",
                "1",
                "-s",
                hook.script()));
    for (String option : List.of("search", "ntpsrv", "mtu", "staticroutes")) {
      command.addAll(List.of("-O", option));
    }
    if (with.contains(With.BROADCAST_FLAG)) {
      command.add("-B");
    }
    if (with.contains(With.ADDRESS_CHECK)) {
      command.add("-a500");
    }
    return command;
  }

  /** Waits for its first lease, of whatever network. */
  Hook.Told told() {
    return hook.await("bound");
  }

  @Override
  Told await(Event event) {
    return switch (event) {
      case BOUND -> Told.of(hook.await("bound"), "ip", VARIABLES);
      case RENEWED, REBOUND -> Told.of(hook.await("renew"), "ip", VARIABLES);
      case REBOOTED -> throw new IllegalArgumentException("it keeps no lease");
    };
  }

  /** Sends a renewal at once. */
  void renew() {
    signal("USR1");
  }

  @Override
  void release() {
    signal("USR2");
  }
}
