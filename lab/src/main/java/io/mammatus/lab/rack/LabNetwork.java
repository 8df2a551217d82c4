package io.mammatus.lab.rack;

import io.mammatus.core.net.Cidr;
import io.mammatus.lab.Shell;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The rack's network: a namespace of its own with a bridge, so that DHCP disturbs nobody, and one
 * cable to the machine outside, so that people can look in and instances can get out.
 *
 * <p>{@code br0} has {@link #SERVER}; a tap a machine. Everything ends with {@link #destroy()}: the
 * processes in the namespace, the namespace, the cable.
 */
public final class LabNetwork {

  public static final String SERVER = "10.88.0.1";
  public static final String CIDR = "10.88.0.0/24";

  /** What the first machine that is heard gets. */
  public static final String FIRST_MACHINE = "10.88.0.10";

  private static final int MAX_TURNS = 10;

  private final String name;
  private final int number;

  /**
   * @param name of the namespace
   * @param number tells racks on one machine apart: the cable's addresses come from it, 0 to 63
   */
  public LabNetwork(String name, int number) {
    if (!name.matches("[a-z][a-z0-9-]{0,11}") || number < 0 || number > 63) {
      throw new IllegalArgumentException("not a rack's name and number: " + name + ", " + number);
    }
    this.name = name;
    this.number = number;
  }

  public String name() {
    return name;
  }

  /** The cloud's address on the cable: how it is reached from this machine. */
  public String insideAddress() {
    return "10.89.88." + (number * 4 + 2);
  }

  /** This machine's address on the cable: what is beyond the rack's gateway. */
  public String outsideAddress() {
    return "10.89.88." + (number * 4 + 1);
  }

  /** This machine's end of the cable. */
  public String cable() {
    return "mam-" + name.substring(0, Math.min(9, name.length()));
  }

  /** What this machine reaches by the cable; it must lead nowhere else before. */
  public List<Cidr> takenOutside() {
    return List.of(Cidr.parse(CIDR), Cidr.parse("10.89.88." + number * 4 + "/30"));
  }

  /** Makes it all. */
  public void create() throws IOException {
    Shell.run("ip", "netns", "add", name);
    inside("ip", "link", "set", "lo", "up");
    inside("ip", "link", "add", "br0", "type", "bridge");
    inside("ip", "address", "add", SERVER + "/24", "dev", "br0");
    inside("ip", "link", "set", "br0", "up");
    Shell.run("ip", "link", "add", cable(), "type", "veth", "peer", "name", "out0", "netns", name);
    Shell.run("ip", "address", "add", outsideAddress() + "/30", "dev", cable());
    Shell.run("ip", "link", "set", cable(), "up");
    inside("ip", "address", "add", insideAddress() + "/30", "dev", "out0");
    inside("ip", "link", "set", "out0", "up");
    inside("ip", "route", "add", "default", "via", outsideAddress());
    inside("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
    inside(
        "nft",
        "add table ip rack; add chain ip rack out { type nat hook postrouting priority 100; };"
            + " add rule ip rack out oifname out0 ip saddr "
            + CIDR
            + " masquerade");
    inside("ethtool", "-K", "out0", "tx", "off");
  }

  /**
   * Makes the route by which this machine reaches the rack's own addresses. Only one rack at a time
   * can have it.
   */
  public void openFromOutside() throws IOException {
    Shell.run("ip", "route", "replace", CIDR, "via", insideAddress(), "dev", cable());
  }

  /** Adds a port of the bridge for one machine. */
  public void addTap(String tap) throws IOException {
    inside("ip", "tuntap", "add", tap, "mode", "tap");
    inside("ip", "link", "set", tap, "master", "br0", "up");
  }

  /** A program and its arguments, put into the namespace. */
  public List<String> command(List<String> command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
    all.addAll(command);
    return all;
  }

  /** Runs a program in the namespace to its end. */
  public String inside(String... command) throws IOException {
    return Shell.run(command(Arrays.asList(command)).toArray(String[]::new));
  }

  /** The same, whatever its end. */
  public Shell.Result attempt(long limitSeconds, String... command) throws IOException {
    return Shell.attempt(limitSeconds, command(Arrays.asList(command)).toArray(String[]::new));
  }

  public boolean exists() throws IOException {
    return Shell.run("ip", "netns", "list").lines().anyMatch(l -> l.split(" ")[0].equals(name));
  }

  /** Ends and removes everything; nothing if there is nothing. */
  public void destroy() throws IOException {
    if (exists()) {
      endAll();
      Shell.run("ip", "netns", "delete", name);
    }
    if (Shell.attempt(10, "ip", "link", "show", cable()).ok()) {
      Shell.attempt(10, "ip", "link", "delete", cable());
    }
  }

  /** Ends every process inside, and waits until it is gone: its files are to be removed next. */
  private void endAll() throws IOException {
    List<ProcessHandle> inside = inside();
    for (int turn = 0; turn < MAX_TURNS && !inside.isEmpty(); turn++) {
      inside.forEach(ProcessHandle::destroyForcibly);
      for (ProcessHandle process : inside) {
        awaitEnd(process);
      }
      inside = inside(); // what they had just started
    }
  }

  private List<ProcessHandle> inside() throws IOException {
    return Shell.run("ip", "netns", "pids", name)
        .lines()
        .map(pid -> ProcessHandle.of(Long.parseLong(pid.strip())))
        .flatMap(Optional::stream)
        .toList();
  }

  private void awaitEnd(ProcessHandle process) throws IOException {
    try {
      process.onExit().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IOException("process " + process.pid() + " of " + name + " does not end", e);
    }
  }
}
