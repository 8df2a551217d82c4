package io.mammatus.metadata;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.AvailableStatus;
import io.mammatus.core.resource.InstancePhase;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.KeySpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachinePhase;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Uid;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Clouds for tests: one network, one instance, one machine. */
public final class Clouds {

  public static final Ipv4 ADDRESS = Ipv4.parse("10.88.0.100");
  public static final Mac MAC = Mac.parse("02:00:00:00:00:01");
  public static final Ipv4 MACHINE_ADDRESS = Ipv4.parse("10.88.0.10");
  public static final Mac MACHINE_MAC = Mac.parse("52:54:00:00:00:0a");

  private Clouds() {}

  public static Cloud withInstance(String name, Ipv4 address, Mac mac) {
    return Cloud.of(
        1,
        List.of(
            new Resource<>(Kind.NETWORK, metadata(1, "lab"), network(), AvailableStatus.AVAILABLE),
            new Resource<>(
                Kind.KEY,
                metadata(2, "ana"),
                new KeySpec("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAA ana"),
                AvailableStatus.AVAILABLE),
            new Resource<>(
                Kind.INSTANCE,
                metadata(3, name),
                new InstanceSpec("debian-12", "small", "lab", List.of("ana"), "#cloud-config\n"),
                new InstanceStatus(InstancePhase.RUNNING, null, mac, address, true, List.of())),
            new Resource<>(
                Kind.MACHINE,
                metadata(4, "machine-1"),
                MachineSpec.DISCOVERED,
                new MachineStatus(
                    MachinePhase.DISCOVERED,
                    List.of(MACHINE_MAC),
                    MACHINE_ADDRESS,
                    null,
                    null,
                    null,
                    List.of(),
                    null,
                    null,
                    List.of()))));
  }

  private static Metadata metadata(int id, String name) {
    return new Metadata(
        new Uid(new UUID(0, id)),
        name,
        Metadata.DEFAULT_WORKSPACE,
        Map.of(),
        1,
        Instant.EPOCH,
        null);
  }

  private static NetworkSpec network() {
    return new NetworkSpec(
        Cidr.parse("10.88.0.0/24"),
        "br0",
        Ipv4.parse("10.88.0.1"),
        Ipv4.parse("10.88.0.1"),
        AddressRange.parse("10.88.0.10-10.88.0.12"),
        AddressRange.parse("10.88.0.100-10.88.0.102"),
        List.of(),
        "lab",
        Duration.ofHours(1));
  }
}
