package io.mammatus.launcher;

/** What {@code --help} says of the commands that start something. */
final class Usage {

  static final String SHORT =
      """
      usage: mammatus up --config FILE
             mammatus token --config FILE
             mammatus doctor --config FILE
             mammatus run control-plane|pxe-server|metadata-service|node-agent --config FILE
      see: mammatus up --help\
      """;

  private static final String UP =
      """
      usage: mammatus up --config FILE

      Starts the whole cloud in this process: control plane, PXE server, metadata service and, unless FILE
      names an external one, an embedded PostgreSQL. It serves when it says "mammatus: ready"; its first start
      shows the administrator's token, once. SIGTERM ends it in good order; SIGKILL loses nothing that was
      acknowledged.

      FILE is YAML; config/cloud.yaml explains every key. Keys that are unknown are refused, and all that is
      wrong is told at once, each with its line.

      An ordinary user needs the capabilities NET_BIND_SERVICE and NET_RAW, and NET_ADMIN if the metadata
      address is to be added to an interface; config/systemd/mammatus.service gives them.
      """;

  private static final String RUN =
      """
      usage: mammatus run SERVICE --config FILE

      Starts one service of a cloud in this process. Services meet in PostgreSQL and nowhere else: start as many
      as you like, in any order, on one machine or several.

        control-plane      the API, the planner, and the nodes' connections; several over one database share
                           the folders identity and blobs
        pxe-server         DHCP, TFTP and HTTP boot
        metadata-service   169.254.169.254 for the instances
        node-agent         makes this machine a node without having booted it over the network

      FILE is YAML; config/SERVICE.yaml explains every key.
      """;

  private static final String TOKEN =
      """
      usage: mammatus token --config FILE

      Makes a new administrator's token, shows it, and makes the old one void: at once, or within half a
      minute where a running cloud remembers it. FILE is the one of `mammatus up`, which may run meanwhile.
      Run it as root of the machine, or as the user that the cloud runs as; where FILE names an external
      PostgreSQL, as somebody whom that one lets in.
      """;

  private static final String DOCTOR =
      """
      usage: mammatus doctor --config FILE

      Looks at what the boot server of FILE needs on this machine (interfaces, boot loaders, node images), and
      fetches the loaders from the running one by TFTP and HTTP, with clients that others wrote. A line for
      each thing that was looked at; the last line counts what is wrong. FILE is the one of `mammatus up` or of
      `mammatus run pxe-server`. It changes nothing. As root it also names the program that has a port.

      Exit codes:
        0  nothing is wrong
        1  something is
        2  the command line or FILE is wrong
      """;

  private static final String EXIT =
      """

      Exit codes:
        0  ended because it was asked to
        1  could not start, though FILE is right; trying again may help
        2  the command line or FILE is wrong
      """;

  private Usage() {}

  static String of(String command) {
    return switch (command) {
      case "up" -> UP + EXIT;
      case "run" -> RUN + EXIT;
      case "token" -> TOKEN + EXIT;
      case "doctor" -> DOCTOR;
      default -> SHORT + "\n";
    };
  }
}
