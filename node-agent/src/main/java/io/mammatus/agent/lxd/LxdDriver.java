package io.mammatus.agent.lxd;

import io.mammatus.agent.converge.Actual;
import io.mammatus.agent.converge.InstanceDriver;
import io.mammatus.agent.converge.Steps;
import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.InstanceId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Instances as LXD system containers on the network that the node booted from (macvlan). LXD
 * remembers whose they are: images carry our name and version as properties, containers carry their
 * instance id, so that nothing has to be kept beside it.
 */
public final class LxdDriver implements InstanceDriver {

  private static final String POOL = "default";
  private static final String IMAGE_PROPERTY = "mammatus.image";
  private static final String INSTANCE_KEY = "user.mammatus.instance";

  private final LxdClient lxd;
  private final BlobDownload downloads;
  private final String parent;
  private final Supplier<String> blobs;

  /**
   * @param parent the interface that containers are attached to
   * @param blobs where files are served by digest; known once connected
   */
  public LxdDriver(
      Vertx vertx, Path socket, Path downloads, String parent, Supplier<String> blobs) {
    this.lxd = new LxdClient(vertx, socket);
    this.downloads = new BlobDownload(vertx, downloads);
    this.parent = parent;
    this.blobs = blobs;
  }

  @Override
  public Future<Void> start() {
    return lxd.get("/1.0/storage-pools/" + POOL)
        .recover(e ->
            e instanceof LxdException lxdError && lxdError.code() == 404
                ? lxd.send(
                    HttpMethod.POST,
                    "/1.0/storage-pools",
                    new JsonObject().put("name", POOL).put("driver", "dir"))
                : Future.failedFuture(e))
        .mapEmpty();
  }

  @Override
  public Future<Actual> inspect() {
    return Future.all(lxd.get("/1.0/images?recursion=1"), lxd.get("/1.0/instances?recursion=1"))
        .map(both -> {
          JsonObject images = both.resultAt(0);
          JsonObject instances = both.resultAt(1);
          return new Actual(ourImages(images).keySet(), ourInstances(instances));
        });
  }

  private static Map<String, String> ourImages(JsonObject answer) {
    Map<String, String> fingerprints = new HashMap<>();
    for (Object item : answer.getJsonArray("metadata", new JsonArray())) {
      JsonObject image = (JsonObject) item;
      String key = image.getJsonObject("properties", new JsonObject()).getString(IMAGE_PROPERTY);
      if (key != null) {
        fingerprints.put(key, image.getString("fingerprint"));
      }
    }
    return fingerprints;
  }

  private static Map<InstanceId, Boolean> ourInstances(JsonObject answer) {
    Map<InstanceId, Boolean> found = new HashMap<>();
    for (Object item : answer.getJsonArray("metadata", new JsonArray())) {
      JsonObject instance = (JsonObject) item;
      String id = instance.getJsonObject("config", new JsonObject()).getString(INSTANCE_KEY);
      if (id != null) {
        found.put(InstanceId.parse(id), "Running".equals(instance.getString("status")));
      }
    }
    return found;
  }

  @Override
  public Future<Void> fetch(ImageDesired image) {
    String properties =
        IMAGE_PROPERTY + "=" + URLEncoder.encode(Steps.key(image), StandardCharsets.UTF_8);
    Set<Path> files = new HashSet<>();
    return downloads
        .fetch(blobs.get(), image.metadata())
        .compose(metadata -> {
          files.add(metadata);
          return downloads
              .fetch(blobs.get(), image.rootfs())
              .compose(rootfs -> {
                files.add(rootfs);
                return lxd.importImage(metadata, rootfs, properties);
              });
        })
        .<Void>mapEmpty()
        .eventually(() -> downloads.discard(files));
  }

  @Override
  public Future<Void> create(InstanceDesired instance, ImageDesired image) {
    return lxd.get("/1.0/images?recursion=1")
        .compose(answer -> {
          String fingerprint = ourImages(answer).get(Steps.key(image));
          return fingerprint == null
              ? Future.failedFuture("the image " + Steps.key(image) + " is not here yet")
              : lxd.send(HttpMethod.POST, "/1.0/instances", body(instance, fingerprint));
        })
        .<Void>mapEmpty()
        .recover(e -> isConflict(e) ? Future.succeededFuture() : Future.failedFuture(e));
  }

  private JsonObject body(InstanceDesired instance, String fingerprint) {
    return new JsonObject()
        .put("name", name(instance.id()))
        .put("type", "container")
        .put("profiles", new JsonArray())
        .put("source", new JsonObject().put("type", "image").put("fingerprint", fingerprint))
        .put(
            "config",
            new JsonObject()
                .put(INSTANCE_KEY, instance.id().toString())
                .put("user.mammatus.name", instance.name())
                .put("limits.cpu", Integer.toString(instance.cpus()))
                .put("limits.memory", instance.memoryMiB() + "MiB"))
        .put(
            "devices",
            new JsonObject()
                .put(
                    "root", new JsonObject().put("type", "disk").put("path", "/").put("pool", POOL))
                .put(
                    "eth0",
                    new JsonObject()
                        .put("type", "nic")
                        .put("nictype", "macvlan")
                        .put("name", "eth0")
                        .put("parent", parent)
                        .put("hwaddr", instance.mac().toString())));
  }

  @Override
  public Future<Void> run(InstanceId instance) {
    return setState(instance, "start", false);
  }

  @Override
  public Future<Void> destroy(InstanceId instance) {
    return setState(instance, "stop", true)
        .otherwiseEmpty()
        .compose(v -> lxd.send(HttpMethod.DELETE, "/1.0/instances/" + name(instance), null))
        .<Void>mapEmpty()
        .recover(e ->
            e instanceof LxdException lxdError && lxdError.code() == 404
                ? Future.succeededFuture()
                : Future.failedFuture(e));
  }

  private Future<Void> setState(InstanceId instance, String action, boolean force) {
    return lxd.send(
            HttpMethod.PUT,
            "/1.0/instances/" + name(instance) + "/state",
            new JsonObject().put("action", action).put("timeout", 60).put("force", force))
        .mapEmpty();
  }

  private static boolean isConflict(Throwable e) {
    return e instanceof LxdException lxdError
        && (lxdError.code() == 409
            || String.valueOf(lxdError.getMessage()).contains("already exists"));
  }

  /** One container an instance, told by its name: LXD refuses a second one. */
  private static String name(InstanceId id) {
    return "i-" + id;
  }
}
