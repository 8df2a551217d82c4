package io.mammatus.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.cli.Reservations.Found;
import io.mammatus.cli.Reservations.Reservation;
import java.io.IOException;
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
                    {"hw-address": "00:11:22:33:44:57", "hostname": "nowhere"}
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
            new Reservation("00:11:22:33:44:58", "10.0.1.8", ""));
    assertThat(found.skipped())
        .satisfiesExactly(
            first -> assertThat(first).contains("01:02", "hardware address"),
            second -> assertThat(second).contains("nowhere", "no address"));
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
            """);
    assertThat(found.reservations())
        .containsExactly(
            new Reservation("11:22:33:44:55:66", "192.168.0.60", ""),
            new Reservation("11:22:33:44:55:67", "192.168.0.61", "fred"),
            new Reservation("01:02:03:04:05:06", "192.168.0.62", ""),
            new Reservation("11:22:33:44:55:69", "192.168.0.64", ""));
    assertThat(found.skipped()).hasSize(4);
  }
}
