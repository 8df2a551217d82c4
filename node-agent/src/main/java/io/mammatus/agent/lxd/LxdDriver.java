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
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Instances as LXD system containers on the network that the node booted from (macvlan). LXD
 * remembers whose they are, so that nothing has to be kept beside it: an image of ours has an alias
 * that begins with our name, a container of ours carries its instance's id. What has neither is
 * somebody else's, and is neither listed nor touched.
 *
 * <p>Both are named last. An image without its alias is found again by its fingerprint; a container
 * is begun as {@link #UNFINISHED} and says so until LXD has unpacked all of it, because a daemon
 * that is killed meanwhile keeps the container, with half a root or none.
 */
public final class LxdDriver implements InstanceDriver {

  private static final String POOL = "default";
  private static final String ALIAS = "mammatus/";
  private static final String INSTANCE_KEY = "user.mammatus.instance";
  private static final String UNFINISHED = "user.mammatus.unfinished";

  private final LxdClient lxd;
  private final BlobDownload downloads;
  private final String parent;
  private final Supplier<String> blobs;

  /** A container of ours, as LXD tells it. */
  private record Container(InstanceId id, boolean finished, String status) {

    /** Empty if it is not ours. */
    static Optional<Container> of(JsonObject instance) {
      JsonObject config = instance.getJsonObject("config", new JsonObject());
      return Optional.ofNullable(config.getString(INSTANCE_KEY))
          .map(id ->
              new Container(
                  InstanceId.parse(id),
                  !"true".equals(config.getString(UNFINISHED)),
                  instance.getString("status", "")));
    }

    boolean runs() {
      return status.equals("Running");
    }
  }

  /**
   * @param downloads a folder for what is on its way, and nothing else
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
    return downloads
        .discard()
        .compose(v -> find("/1.0/storage-pools/" + POOL))
        .compose(pool ->
            pool.isPresent()
                ? Future.succeededFuture()
                : lxd.send(
                        HttpMethod.POST,
                        "/1.0/storage-pools",
                        new JsonObject().put("name", POOL).put("driver", "dir"))
                    .mapEmpty());
  }

  @Override
  public Future<Actual> inspect() {
    return Future.all(
            lxd.get("/1.0/images/aliases?recursion=1"), lxd.get("/1.0/instances?recursion=1"))
        .map(both -> {
          Map<InstanceId, Boolean> made = new HashMap<>();
          Set<InstanceId> unfinished = new HashSet<>();
          items(both.resultAt(1))
              .flatMap(instance -> Container.of(instance).stream())
              .forEach(container -> {
                if (container.finished()) {
                  made.put(container.id(), container.runs());
                } else {
                  unfinished.add(container.id());
                }
              });
          return new Actual(ourImages(both.resultAt(0)), made, unfinished);
        });
  }

  private static Set<String> ourImages(JsonObject aliases) {
    return items(aliases)
        .map(alias -> alias.getString("name"))
        .filter(name -> name.startsWith(ALIAS))
        .map(name -> name.substring(ALIAS.length()))
        .collect(Collectors.toSet());
  }

  private static Stream<JsonObject> items(JsonObject answer) {
    return answer.getJsonArray("metadata", new JsonArray()).stream().map(JsonObject.class::cast);
  }

  @Override
  public Future<Void> fetch(ImageDesired image) {
    String alias = alias(image);
    return find(aliasPath(alias))
        .compose(there ->
            there.isPresent()
                ? Future.succeededFuture()
                : downloads
                    .fetch(blobs.get(), image)
                    .compose(files -> keep(files).compose(v -> name(files.fingerprint(), alias)))
                    .eventually(downloads::discard));
  }

  /** LXD keeps the same bytes once, whoever brought them and under however many names. */
  private Future<Void> keep(BlobDownload.ImageFiles files) {
    return find("/1.0/images/" + files.fingerprint())
        .compose(there ->
            there.isPresent()
                ? Future.succeededFuture()
                : lxd.importImage(files.metadata(), files.rootfs(), files.fingerprint())
                    .mapEmpty());
  }

  private Future<Void> name(String fingerprint, String alias) {
    return lxd.send(
            HttpMethod.POST,
            "/1.0/images/aliases",
            new JsonObject().put("name", alias).put("target", fingerprint))
        .mapEmpty();
  }

  /**
   * Under another name, ours or anybody else's, the image stays. Its last name goes with it, so
   * that a crash leaves nothing in between.
   */
  @Override
  public Future<Void> forget(String image) {
    String path = aliasPath(ALIAS + image);
    return find(path)
        .compose(alias ->
            alias.isEmpty()
                ? Future.succeededFuture()
                : find("/1.0/images/" + alias.get().getString("target"))
                    .compose(kept ->
                        delete(
                            isLastName(kept)
                                ? "/1.0/images/" + alias.get().getString("target")
                                : path)));
  }

  private static boolean isLastName(Optional<JsonObject> image) {
    return image.filter(i -> i.getJsonArray("aliases", new JsonArray()).size() == 1).isPresent();
  }

  @Override
  public Future<Void> create(InstanceDesired instance, ImageDesired image) {
    return find(path(instance.id()))
        .compose(there -> {
          if (there.isEmpty()) {
            return make(instance, image);
          }
          Optional<Container> ours = there.flatMap(Container::of);
          if (ours.isEmpty()) {
            return Future.failedFuture(
                "LXD has a container called %s that is not ours: rename or remove it"
                    .formatted(name(instance.id())));
          }
          return ours.get().finished()
              ? Future.succeededFuture()
              : remove(ours.get()).compose(v -> make(instance, image));
        });
  }

  private Future<Void> make(InstanceDesired instance, ImageDesired image) {
    return lxd.send(HttpMethod.POST, "/1.0/instances", body(instance, image))
        .recover(e ->
            isMissing(e)
                ? Future.failedFuture("the image " + Steps.key(image) + " is not here yet")
                : Future.failedFuture(e))
        .compose(v ->
            lxd.send(
                HttpMethod.PATCH,
                path(instance.id()),
                new JsonObject().put("config", new JsonObject().put(UNFINISHED, "false"))))
        .mapEmpty();
  }

  private JsonObject body(InstanceDesired instance, ImageDesired image) {
    return new JsonObject()
        .put("name", name(instance.id()))
        .put("type", "container")
        .put("profiles", new JsonArray())
        .put("source", new JsonObject().put("type", "image").put("alias", alias(image)))
        .put(
            "config",
            new JsonObject()
                .put(INSTANCE_KEY, instance.id().toString())
                .put(UNFINISHED, "true")
                .put("user.mammatus.name", instance.name())
                .put("limits.cpu", Integer.toString(instance.cpus()))
                .put("limits.memory", instance.memoryMiB() + "MiB"))
        .put(
            "devices",
            new JsonObject()
                .put(
                    "root",
                    new JsonObject()
                        .put("type", "disk")
                        .put("path", "/")
                        .put("pool", POOL)
                        // a project quota on the state disk; without quotas there, LXD warns only
                        .put("size", instance.diskGiB() + "GiB"))
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
    return findOurs(instance)
        .compose(found -> {
          if (found.isEmpty()) {
            return Future.failedFuture("the instance " + instance + " is not here");
          }
          return switch (found.get().status()) {
            case "Running" -> Future.succeededFuture();
            case "Frozen" -> setState(instance, "unfreeze", false);
            default -> setState(instance, "start", false);
          };
        });
  }

  @Override
  public Future<Void> destroy(InstanceId instance) {
    return findOurs(instance)
        .compose(found -> found.isPresent() ? remove(found.get()) : Future.succeededFuture());
  }

  /** What cannot be stopped cannot be deleted either: LXD then says why. */
  private Future<Void> remove(Container container) {
    Future<Void> stopped =
        container.status().equals("Stopped")
            ? Future.succeededFuture()
            : setState(container.id(), "stop", true).otherwiseEmpty();
    return stopped.compose(v -> delete(path(container.id())));
  }

  /** Nothing if it is gone. */
  private Future<Void> delete(String path) {
    return lxd.send(HttpMethod.DELETE, path, null)
        .<Void>mapEmpty()
        .recover(e -> isMissing(e) ? Future.succeededFuture() : Future.failedFuture(e));
  }

  private Future<Void> setState(InstanceId instance, String action, boolean force) {
    return lxd.send(
            HttpMethod.PUT,
            path(instance) + "/state",
            new JsonObject().put("action", action).put("timeout", 60).put("force", force))
        .mapEmpty();
  }

  private Future<Optional<Container>> findOurs(InstanceId id) {
    return find(path(id)).map(there -> there.flatMap(Container::of));
  }

  /** What LXD has there; empty if it has nothing. */
  private Future<Optional<JsonObject>> find(String path) {
    return lxd.get(path)
        .map(answer -> Optional.of(answer.getJsonObject("metadata")))
        .recover(
            e -> isMissing(e) ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(e));
  }

  private static boolean isMissing(Throwable e) {
    return e instanceof LxdException lxdError && lxdError.code() == 404;
  }

  private static String aliasPath(String alias) {
    return "/1.0/images/aliases/" + URLEncoder.encode(alias, StandardCharsets.UTF_8);
  }

  private static String alias(ImageDesired image) {
    return ALIAS + Steps.key(image);
  }

  private static String path(InstanceId id) {
    return "/1.0/instances/" + name(id);
  }

  /** One container an instance, told by its name: LXD refuses a second one. */
  private static String name(InstanceId id) {
    return "i-" + id;
  }
}
