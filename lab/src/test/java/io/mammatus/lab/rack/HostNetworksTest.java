package io.mammatus.lab.rack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.net.Cidr;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNetworksTest {

  private static final List<Cidr> RACK = new LabNetwork("rack", 1).takenOutside();

  /** As iproute2 of Debian 12 prints it, shortened: a loopback, a card that is down, one in use. */
  private static final String ADDRESSES =
      """
      [{"ifindex":1,"ifname":"lo","operstate":"UNKNOWN","addr_info":[
         {"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host","label":"lo"}]},
       {},
       {"ifindex":3,"ifname":"ifb0","operstate":"DOWN","addr_info":[]},
       {"ifindex":4,"ifname":"%s","operstate":"UP","addr_info":[
         {"family":"inet","local":"%s","prefixlen":%d,"scope":"global"},
         {"family":"inet6","local":"fd00::2","prefixlen":64,"scope":"global"}]}]
      """;

  private static final String ROUTES =
      """
      [{"dst":"default","gateway":"192.0.2.1","dev":"eth0","flags":[]},
       {"dst":"192.0.2.0/24","dev":"eth0","protocol":"kernel","scope":"link","prefsrc":"192.0.2.2"},
       %s]
      """;

  private static HostNetworks with(String device, String address, int prefix) throws IOException {
    return HostNetworks.parse(ADDRESSES.formatted(device, address, prefix), "");
  }

  private static List<String> clashesOfRoute(String json) throws IOException {
    return HostNetworks.parse("[]", ROUTES.formatted(json)).clashesWith(RACK);
  }

  @Test
  void aRackTakesTheMachinesNetworkAndItsOwnCable() {
    assertThat(RACK).hasToString("[10.88.0.0/24, 10.89.88.4/30]");
  }

  @ParameterizedTest(name = "{0}/{1}")
  @CsvSource({
    "192.0.2.2, 24, 0",
    "10.88.1.5, 24, 0",
    "10.89.88.1, 30, 0", // another rack's cable
    "10.88.0.77, 24, 1",
    "10.88.0.77, 32, 1",
    "10.88.200.1, 16, 1", // its neighbours would be cut off
    "10.89.88.6, 30, 1",
    "10.1.2.3, 8, 2",
  })
  void anAddressClashesWhoseNetworkOverlaps(String address, int prefix, int clashes)
      throws IOException {
    assertThat(with("eth0", address, prefix).clashesWith(RACK)).hasSize(clashes);
  }

  @Test
  void aClashNamesTheInterfaceAndWhatToDo() throws IOException {
    assertThat(with("docker0", "10.88.0.1", 16).clashesWith(RACK))
        .singleElement()
        .asString()
        .startsWith("10.88.0.0/24")
        .contains(
            "the interface docker0 has 10.88.0.1 in 10.88.0.0/16", "ip link set docker0 down");
  }

  @Test
  void onALinkBetweenTwoTheOtherEndCounts() throws IOException {
    String link =
        """
        [{"ifname":"tun0","addr_info":[
          {"family":"inet","local":"10.8.0.6","address":"10.88.0.5","prefixlen":32}]}]
        """;
    assertThat(HostNetworks.parse(link, "[]").clashesWith(RACK))
        .singleElement()
        .asString()
        .contains("tun0 has 10.8.0.6 in 10.88.0.5/32");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'dst':'10.0.0.0/8','dev':'tun0'} | 0", // larger: it goes on for the rest
        "{'dst':'172.16.0.0/12','gateway':'192.0.2.9','dev':'eth0'} | 0",
        "{'dst':'10.88.0.0/24','gateway':'192.0.2.9','dev':'eth0'} | 1",
        "{'dst':'10.88.0.53','gateway':'192.0.2.9','dev':'eth0'} | 1",
        "{'type':'blackhole','dst':'10.89.88.6'} | 1",
        "{'dst':'10.88.0.0/24','dev':'eth0','protocol':'kernel'} | 0", // told by the address
        "{'dst':'172.16.0.0/12','gateway':'10.88.0.254','dev':'eth0'} | 1",
        "{'dst':'default','nexthops':[{'gateway':'192.0.2.1'},{'gateway':'10.89.88.5'}]} | 1",
      })
  void aRouteClashesThatLiesInTheRacksOrGoesBySomebodyThere(String json, int clashes)
      throws IOException {
    assertThat(clashesOfRoute(json.replace('\'', '"'))).hasSize(clashes);
  }

  @Test
  void aRouteIsNamedAndWhatToDo() throws IOException {
    assertThat(
            clashesOfRoute("{\"dst\":\"10.88.0.0/24\",\"gateway\":\"192.0.2.9\",\"dev\":\"eth0\"}"))
        .singleElement()
        .asString()
        .contains("the route 10.88.0.0/24 via 192.0.2.9 dev eth0", "ip route delete 10.88.0.0/24");
  }

  @Test
  void whatAnEarlierRunLeftIsNoClash() throws IOException {
    HostNetworks left =
        HostNetworks.parse(
            ADDRESSES.formatted("mam-rack", "10.89.88.5", 30),
            ROUTES.formatted(
                "{\"dst\":\"10.88.0.0/24\",\"gateway\":\"10.89.88.6\",\"dev\":\"mam-rack\"}"));
    assertThat(left.clashesWith(RACK)).isNotEmpty();
    assertThat(left.except(new LabNetwork("rack", 1).cable()).clashesWith(RACK)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Command failed", "'[{\"dst\":\"10.0.0\"}]'", "'[{\"dst\":\"10.0.0.1/8\"}]'"})
  void whatIsNotUnderstoodIsSaid(String routes) {
    assertThatThrownBy(() -> HostNetworks.parse("[]", routes)).isInstanceOf(IOException.class);
  }
}
