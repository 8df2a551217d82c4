package io.mammatus.agent.lxd;

import io.mammatus.agent.converge.ByHand;
import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.InstanceId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** LXD as it is for anybody who may use its socket. */
final class LxdHand implements ByHand {

  private static final String FOREIGN = "foreign";
  private static final String SECRET = "user.mine";

  private final LxdClient lxd;
  private final Path published;
  private final ImageDesired foreign;

  /**
   * @param published where images' files are, by digest
   * @param foreign an image for those that are not ours
   */
  LxdHand(LxdClient lxd, Path published, ImageDesired foreign) {
    this.lxd = lxd;
    this.foreign = foreign;
    this.published = published;
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.await(2, TimeUnit.MINUTES);
    } catch (TimeoutException e) {
      throw new AssertionError("LXD does not answer", e);
    }
  }

  private JsonObject send(HttpMethod method, String path, JsonObject body) {
    return await(lxd.send(method, path, body));
  }

  private List<String> list(String path) {
    return await(lxd.get(path)).getJsonArray("metadata").stream().map(String.class::cast).toList();
  }

  /** What LXD has there. */
  JsonObject get(String path) {
    return await(lxd.get(path)).getJsonObject("metadata");
  }

  static String path(InstanceId instance) {
    return "/1.0/instances/i-" + instance;
  }

  /** Removes all that is there, whoever it belongs to. */
  void clear() {
    for (String instance : list("/1.0/instances")) {
      if (!get(instance).getString("status").equals("Stopped")) {
        change(instance, "stop");
      }
      await(lxd.send(HttpMethod.DELETE, instance, null));
    }
    for (String image : list("/1.0/images")) {
      await(lxd.send(HttpMethod.DELETE, image, null));
    }
  }

  private void change(String instance, String action) {
    JsonObject change = new JsonObject().put("action", action).put("timeout", 60);
    send(HttpMethod.PUT, instance + "/state", change.put("force", action.equals("stop")));
  }

  @Override
  public void stop(InstanceId instance) {
    change(path(instance), "stop");
  }

  @Override
  public void pause(InstanceId instance) {
    change(path(instance), "freeze");
  }

  @Override
  public void leaveUnnamed(ImageDesired image) {
    add(image);
  }

  private String add(ImageDesired image) {
    Path metadata = published.resolve(image.metadata().sha256());
    Path rootfs = published.resolve(image.rootfs().sha256());
    String fingerprint =
        Shell.run("sh", "-c", "cat \"$@\" | sha256sum", "sh", "" + metadata, "" + rootfs)
            .substring(0, 64);
    await(lxd.importImage(metadata, rootfs, fingerprint));
    return fingerprint;
  }

  @Override
  public void leaveHalfMade(InstanceDesired instance) {
    JsonObject marks =
        new JsonObject()
            .put("user.mammatus.instance", instance.id().toString())
            .put("user.mammatus.unfinished", "true");
    makeEmpty("i-" + instance.id(), marks);
  }

  /** A container without anything in its root. */
  void makeEmpty(String name, JsonObject config) {
    make(name, new JsonObject().put("type", "none"), config);
  }

  private void make(String name, JsonObject source, JsonObject config) {
    JsonObject root = new JsonObject().put("type", "disk").put("path", "/").put("pool", "default");
    JsonObject container =
        new JsonObject()
            .put("name", name)
            .put("profiles", new JsonArray())
            .put("source", source)
            .put("config", config)
            .put("devices", new JsonObject().put("root", root));
    send(HttpMethod.POST, "/1.0/instances", container);
  }

  @Override
  public void makeForeign() {
    String fingerprint = add(foreign);
    JsonObject alias = new JsonObject().put("name", FOREIGN).put("target", fingerprint);
    send(HttpMethod.POST, "/1.0/images/aliases", alias);
    JsonObject source = new JsonObject().put("type", "image").put("fingerprint", fingerprint);
    make(FOREIGN, source, new JsonObject().put(SECRET, "keep"));
    change("/1.0/instances/" + FOREIGN, "start");
  }

  @Override
  public boolean isForeignUntouched() {
    JsonObject container = get("/1.0/instances/" + FOREIGN);
    String image = get("/1.0/images/aliases/" + FOREIGN).getString("target");
    return container.getJsonObject("config").getString(SECRET).equals("keep")
        && container.getString("status").equals("Running")
        && get("/1.0/images/" + image).getString("fingerprint").equals(image);
  }

  @Override
  public int images() {
    return list("/1.0/images").size();
  }

  @Override
  public int containers() {
    return list("/1.0/instances").size();
  }
}
