package io.mammatus.metadata.ec2;

import io.mammatus.metadata.record.InstanceRecord;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/**
 * One instance's tree as EC2 serves it ("Instance metadata categories", Amazon EC2 User Guide). A
 * pure function of the record: a path gives a text, or nothing.
 *
 * <p>What is listed resolves: cloud-init loses five seconds, and everything it had, at one 404 in
 * its crawl. A directory lists its directories with a slash at the end, a file answers with or
 * without one (botocore asks for {@code placement/availability-zone/}).
 */
public final class Ec2Tree {

  /** The versions that images ask for. */
  static final List<String> VERSIONS =
      List.of(
          "2009-04-04",
          "2016-09-02",
          "2018-09-24",
          "2019-10-01",
          "2021-01-03",
          "2021-03-23",
          "latest");

  private static final String ZONE = "mammatus-1a";
  private static final String REGION = "mammatus-1";

  private final Map<String, String> files = new LinkedHashMap<>();
  private final Map<String, String> listings = new LinkedHashMap<>();

  private Ec2Tree() {}

  /** The tree below a version, for this record. */
  public static Ec2Tree of(InstanceRecord record) {
    Ec2Tree tree = new Ec2Tree();
    tree.metaData(record);
    if (record.userData() != null) {
      tree.files.put("user-data", record.userData());
    }
    tree.files.put("dynamic/instance-identity/document", tree.identity(record));
    return tree;
  }

  /**
   * What a path holds.
   *
   * @param path as it stands in the request, such as {@code /latest/meta-data/instance-id}
   */
  public Optional<String> get(String path) {
    String clean = path.replaceAll("^/+|/+$", "");
    if (clean.isEmpty()) {
      return Optional.of(String.join("\n", VERSIONS));
    }
    int slash = clean.indexOf('/');
    String version = slash < 0 ? clean : clean.substring(0, slash);
    if (!VERSIONS.contains(version)) {
      return Optional.empty();
    }
    String below = slash < 0 ? "" : clean.substring(slash + 1);
    String file = files.get(below);
    if (file != null) {
      return Optional.of(file);
    }
    String listing = listings.get(below);
    return Optional.ofNullable(listing).or(() -> listing(below));
  }

  private void metaData(InstanceRecord record) {
    put("ami-id", "ami-" + record.image());
    put("ami-launch-index", "0");
    put("hostname", record.fullName());
    put("instance-action", "none");
    put("instance-id", record.id());
    put("instance-type", record.flavor());
    put("local-hostname", record.fullName());
    put("local-ipv4", record.address().toString());
    put("mac", record.mac().toString());
    put("placement/availability-zone", ZONE);
    put("placement/region", REGION);
    String nic = "network/interfaces/macs/" + record.mac() + "/";
    put(nic + "device-number", "0");
    put(nic + "local-hostname", record.fullName());
    put(nic + "local-ipv4s", record.address().toString());
    put(nic + "mac", record.mac().toString());
    put(nic + "subnet-ipv4-cidr-block", record.cidr());
    keys(record);
  }

  /** The list says {@code 0=name}, without a slash; the key is at {@code 0/openssh-key}. */
  private void keys(InstanceRecord record) {
    int index = 0;
    StringBuilder list = new StringBuilder();
    for (Map.Entry<String, String> key : record.keys().entrySet()) {
      list.append(index == 0 ? "" : "\n").append(index).append('=').append(key.getKey());
      put("public-keys/" + index + "/openssh-key", key.getValue());
      index++;
    }
    if (index > 0) {
      listings.put("meta-data/public-keys", list.toString());
    }
  }

  private void put(String path, String value) {
    files.put("meta-data/" + path, value);
  }

  private String identity(InstanceRecord record) {
    return """
    {
      "availabilityZone" : "%s",
      "imageId" : "ami-%s",
      "instanceId" : "%s",
      "instanceType" : "%s",
      "privateIp" : "%s",
      "region" : "%s",
      "version" : "2017-09-30"
    }\
    """
        .formatted(ZONE, record.image(), record.id(), record.flavor(), record.address(), REGION);
  }

  private Optional<String> listing(String folder) {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    SequencedSet<String> names =
        files.keySet().stream()
            .filter(path -> path.startsWith(prefix))
            .map(path -> firstOf(path.substring(prefix.length())))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return names.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", names));
  }

  private static String firstOf(String rest) {
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash + 1);
  }
}
