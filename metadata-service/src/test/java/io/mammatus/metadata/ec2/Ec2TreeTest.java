package io.mammatus.metadata.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.metadata.record.InstanceRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Ec2TreeTest {

  private static final Map<String, String> TWO_KEYS = new LinkedHashMap<>();

  static {
    TWO_KEYS.put("ana", "ssh-ed25519 AAAA ana@desk");
    TWO_KEYS.put("ben", "ssh-ed25519 BBBB");
  }

  private static Ec2Tree tree(Map<String, String> keys, @Nullable String userData) {
    return Ec2Tree.of(
        new InstanceRecord(
            "i-1",
            "web",
            "lab",
            "debian-12",
            "small",
            Mac.parse("02:00:00:00:00:01"),
            Ipv4.parse("10.88.0.100"),
            "10.88.0.0/24",
            keys,
            userData));
  }

  /** What cloud-init does: every line of a directory is asked for, as it is listed. */
  private static List<String> crawl(Ec2Tree tree, String path) {
    String listing = tree.get(path).orElseThrow(() -> new AssertionError(path + " is listed"));
    List<String> leaves = new ArrayList<>();
    if (!path.endsWith("/")) {
      leaves.add(path);
      return leaves;
    }
    for (String line : listing.split("\n", -1)) {
      assertThat(line).as("a line of %s", path).isNotBlank();
      boolean keys = path.endsWith("/public-keys/");
      leaves.addAll(crawl(tree, path + (keys ? line.replaceFirst("=.*", "/") : line)));
    }
    return leaves;
  }

  @Test
  void everythingThatIsListedIsThereInEveryVersion() {
    Ec2Tree tree = tree(TWO_KEYS, "#cloud-config\n");
    assertThat(tree.get("/")).contains(String.join("\n", Ec2Tree.VERSIONS));
    for (String version : tree.get("/").orElseThrow().split("\n", -1)) {
      List<String> leaves = crawl(tree, "/" + version + "/");
      assertThat(leaves)
          .contains(
              "/" + version + "/user-data",
              "/" + version + "/meta-data/instance-id",
              "/" + version + "/meta-data/placement/availability-zone",
              "/" + version + "/meta-data/public-keys/1/openssh-key",
              "/" + version + "/meta-data/network/interfaces/macs/02:00:00:00:00:01/local-ipv4s",
              "/" + version + "/dynamic/instance-identity/document");
      for (String leaf : leaves) {
        assertThat(tree.get(leaf + "/")).as("%s/", leaf).isEqualTo(tree.get(leaf));
      }
    }
  }

  @Test
  void keysAreListedByNumberAndName() {
    Ec2Tree tree = tree(TWO_KEYS, null);
    assertThat(tree.get("/latest/meta-data/public-keys/")).contains("0=ana\n1=ben");
    assertThat(tree.get("/latest/meta-data/public-keys")).contains("0=ana\n1=ben");
    assertThat(tree.get("/latest/meta-data/public-keys/0/")).contains("openssh-key");
    assertThat(tree.get("/latest/meta-data/public-keys/1/openssh-key"))
        .contains("ssh-ed25519 BBBB");
    assertThat(tree.get("/latest/meta-data/public-keys/2/openssh-key")).isEmpty();
  }

  @Test
  void whatThereIsNotIsNotListed() {
    Ec2Tree tree = tree(Map.of(), null);
    assertThat(tree.get("/latest/user-data")).isEmpty();
    assertThat(tree.get("/latest/").orElseThrow().split("\n", -1)).doesNotContain("user-data");
    assertThat(tree.get("/latest/meta-data/public-keys/")).isEmpty();
    assertThat(tree.get("/latest/meta-data/").orElseThrow()).doesNotContain("public-keys");
    crawl(tree, "/latest/");
  }

  @Test
  void emptyUserDataIsThereAndEmpty() {
    assertThat(tree(Map.of(), "").get("/latest/user-data")).contains("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/1999-01-01/",
        "/latest/meta-data/none",
        "/latest/meta-data/instance-id/none",
        "/latest/meta",
        "/openstack",
        "/latest/../latest/user-data",
        "/%2e%2e/latest",
      })
  void theRestIsNotThere(String path) {
    assertThat(tree(TWO_KEYS, "x").get(path)).isEmpty();
  }

  @Test
  void aPathMayHaveSlashesAroundIt() {
    Ec2Tree tree = tree(TWO_KEYS, "x");
    assertThat(tree.get("//latest//")).isEqualTo(tree.get("/latest"));
    assertThat(tree.get("")).isEqualTo(tree.get("/"));
  }
}
