package io.mammatus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.cli.Reservations.Found;
import io.mammatus.cli.Reservations.Reservation;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.resource.AddressRange;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReservationsTest {

  @Test
  void ofKeaFromSubnetsSharedNetworksAndOfAll() throws IOException {
    Found found =
        Reservations.ofKea(
            """
            { // a comment
              "Dhcp4": {
                /* another */
                "reservations": [ {"hw-address": "00:11:22:33:44:55", "ip-address": "10.0.0.5"}, ],
                "subnet4": [ {
                  "subnet": "10.0.0.0/24", # and another
                  "reservations": [
                    {"hw-address": "1A:2B:3C:4D:5E:6F", "ip-address": "10.0.0.6",
                     "hostname": "printer.office.example"},
                    {"client-id": "01:02", "ip-address": "10.0.0.7"},
                    {"hw-address": "00:11:22:33:44:57", "hostname": "nowhere"},
                    {"hw-address": "00:11:22:33:44:59", "ip-address": "10.0.0.300"},
                    {"hw-address": "00:11:22:33:44:5a", "ip-address": "10.0.0.9",
                     "next-server": "10.0.0.2", "boot-file-name": "pxelinux.0",
                     "option-data": [{"name": "domain-name-servers", "data": "10.0.0.3"}],
                     "client-classes": [], "server-hostname": "", "hostname": "my_host"}
                  ]
                } ],
                "shared-networks": [ { "subnet4": [ { "reservations": [
                    {"hw-address": "00:11:22:33:44:58", "ip-address": "10.0.1.8"} ] } ] } ]
              }
            }
            """);
    assertThat(found.reservations())
        .containsExactly(
            new Reservation("00:11:22:33:44:55", "10.0.0.5", ""),
            new Reservation("1a:2b:3c:4d:5e:6f", "10.0.0.6", "printer"),
            new Reservation("00:11:22:33:44:5a", "10.0.0.9", ""),
            new Reservation("00:11:22:33:44:58", "10.0.1.8", ""));
    assertThat(found.skipped())
        .satisfiesExactly(
            first -> assertThat(first).contains("01:02", "hardware address"),
            second -> assertThat(second).contains("nowhere", "no address"),
            third -> assertThat(third).contains("10.0.0.300", "no address"));
    assertThat(found.notes())
        .extracting(Object::toString)
        .satisfiesExactly(
            name ->
                assertThat(name)
                    .contains("1a:2b:3c:4d:5e:6f", "printer.office.example is shortened"),
            name -> assertThat(name).contains("10.0.0.9", "my_host is no host name"),
            next -> assertThat(next).contains("next-server is not taken over", "10.0.0.2"),
            file -> assertThat(file).contains("boot-file-name", "pxelinux.0"),
            data -> assertThat(data).contains("option-data", "domain-name-servers"));

    Found here = found.within(Cidr.parse("10.0.1.0/24"), List.of());
    assertThat(here.reservations())
        .containsExactly(new Reservation("00:11:22:33:44:58", "10.0.1.8", ""));
    assertThat(here.notes()).isEmpty();
    assertThat(here.skipped())
        .hasSize(6)
        .anyMatch(line -> line.startsWith("1a:2b:3c:4d:5e:6f 10.0.0.6 printer: it is not in 10."));
  }

  /** One that the network cannot have keeps the others from nothing. */
  @Test
  void whatTheNetworkGivesItselfAndWhatIsReservedAlreadyIsLeftOut() {
    Found found =
        Reservations.ofDnsmasq(
                """
                dhcp-host=11:22:33:44:55:66,10.0.0.9
                dhcp-host=11:22:33:44:55:67,10.0.0.10
                dhcp-host=11:22:33:44:55:68,10.0.0.9
                dhcp-host=11:22:33:44:55:69,10.0.0.21
                """)
            .within(Cidr.parse("10.0.0.0/24"), List.of(AddressRange.parse("10.0.0.10-10.0.0.20")));
    assertThat(found.reservations())
        .extracting(Reservation::address)
        .containsExactly("10.0.0.9", "10.0.0.21");
    assertThat(found.skipped())
        .containsExactly(
            "11:22:33:44:55:67 10.0.0.10: machines or instances are given 10.0.0.10-10.0.0.20",
            "11:22:33:44:55:68 10.0.0.9: the address is reserved for 11:22:33:44:55:66");
  }

  @Test
  void whatIsNotKeasIsSaidToBeSo() {
    assertThatThrownBy(() -> Reservations.ofKea("{\"Dhcp6\":{}}")).hasMessageContaining("Dhcp4");
  }

  @Test
  void ofDnsmasqInAnyOrderOfItsWords() {
    Found found =
        Reservations.ofDnsmasq(
            """
            # dhcp-host=00:00:00:00:00:01,10.0.0.1
            interface=eth0
            dhcp-host=11:22:33:44:55:66,192.168.0.60
            dhcp-host=11:22:33:44:55:67,fred,192.168.0.61,45m # his desk
              dhcp-host = set:red,192.168.0.62,1:2:3:4:5:6,infinite
            dhcp-host=11:22:33:44:55:68,ignore
            dhcp-host=id:01:02:03,192.168.0.63
            dhcp-host=judge
            dhcp-host=11:22:33:44:55:69,12:22:33:44:55:69,192.168.0.64
            dhcp-host=11:22:33:44:55:70,192.168.0.65,name.with.dots
            dhcp-hostsfile=/etc/dnsmasq.hosts
            dhcp-hostsdir = /etc/dnsmasq.d/hosts
            """);
    assertThat(found.reservations())
        .containsExactly(
            new Reservation("11:22:33:44:55:66", "192.168.0.60", ""),
            new Reservation("11:22:33:44:55:67", "192.168.0.61", "fred"),
            new Reservation("01:02:03:04:05:06", "192.168.0.62", ""),
            new Reservation("11:22:33:44:55:69", "192.168.0.64", ""),
            new Reservation("11:22:33:44:55:70", "192.168.0.65", "name"));
    assertThat(found.skipped())
        .hasSize(6)
        .anyMatch(line -> line.contains("/etc/dnsmasq.hosts: what is there is not read"))
        .anyMatch(line -> line.contains("/etc/dnsmasq.d/hosts: what is there is not read"));
    assertThat(found.notes())
        .extracting(Object::toString)
        .containsExactly(
            "11:22:33:44:55:67 192.168.0.61 fred: not taken over: 45m",
            "01:02:03:04:05:06 192.168.0.62: not taken over: set:red, infinite",
            "11:22:33:44:55:70 192.168.0.65 name: name.with.dots is shortened to its first label");
  }
}
