package io.mammatus.control.api.contract;

import static io.mammatus.control.api.contract.Contract.operation;
import static io.mammatus.control.api.contract.Contract.parameter;
import static io.mammatus.control.api.contract.Schemas.object;
import static io.mammatus.control.api.contract.Schemas.ref;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;

/** The paths that every kind has. */
final class KindPaths {

  private KindPaths() {}

  static void add(ObjectNode paths, Schemas schemas, Kind kind) {
    String type = Contract.capital(kind.singular());
    addSchemas(schemas, kind, type);
    list(paths.putObject("/v1/" + kind.plural()), kind, type);
    ObjectNode one = paths.putObject("/v1/" + kind.plural() + "/{name}");
    one.putArray("parameters").add(Contract.name());
    operation(
        one, "get", operation("get", kind), "Gets one; its ETag is the version.", "200", type);
    put(one, kind, type);
    patch(one, kind, type);
    delete(one, kind, type);
    ObjectNode why = paths.putObject("/v1/" + kind.plural() + "/{name}/why");
    why.putArray("parameters").add(Contract.name());
    ObjectNode asked =
        operation(
            why,
            "get",
            operation("why", kind),
            "Why it is so: what happened, oldest first, a page at a time.",
            "200",
            "Why");
    parameters(asked)
        .add(
            parameter(
                "query",
                "id",
                "The id instead of the name; works after its deletion.",
                object().put("type", "string").put("format", "uuid")))
        .add(limit())
        .add(after("The next of the page before."));
  }

  private static void addSchemas(Schemas schemas, Kind kind, String type) {
    ObjectNode resource = object().put("type", "object");
    ObjectNode fields = resource.putObject("properties");
    fields.putObject("kind").put("type", "string").put("const", kind.singular());
    fields.set("metadata", schemas.record(Metadata.class));
    fields.set("spec", schemas.record(kind.specType()));
    fields.set("status", schemas.record(kind.statusType()));
    resource.putArray("required").add("kind").add("metadata").add("spec").add("status");
    schemas.put(type, resource);
    schemas.put(type + "Page", CommonSchemas.page(type));

    ObjectNode apply = CommonSchemas.closed();
    ObjectNode wanted = apply.withObject("/properties");
    ObjectNode metadata = CommonSchemas.closed();
    metadata.withObject("/properties").set("labels", ref("Labels"));
    wanted.set("metadata", metadata);
    wanted.set("spec", schemas.record(kind.specType()));
    apply.putArray("required").add("spec");
    schemas.put(type + "Apply", apply);
  }

  private static void list(ObjectNode path, Kind kind, String type) {
    ObjectNode list =
        operation(
            path,
            "get",
            operation("list", kind),
            "Lists by name, a page at a time.",
            "200",
            type + "Page");
    parameters(list)
        .add(limit())
        .add(after("The next of the page before; with watch, a position."))
        .add(
            parameter(
                "query",
                "label",
                "KEY=VALUE that it must have; may be repeated.",
                object().put("type", "string").put("maxLength", 1024)))
        .add(
            parameter(
                "query",
                "phase",
                "The phase that it must be in.",
                object().put("type", "string").put("maxLength", 32)))
        .add(
            parameter(
                "query",
                "watch",
                "Server-Sent Events of these resources instead.",
                object().put("type", "boolean")));
    OtherPaths.events(list);
  }

  static ObjectNode limit() {
    return parameter(
        "query",
        "limit",
        "How many at most.",
        object().put("type", "integer").put("minimum", 1).put("maximum", 1000).put("default", 100));
  }

  static ObjectNode after(String description) {
    return parameter(
        "query", "after", description, object().put("type", "string").put("maxLength", 128));
  }

  private static void put(ObjectNode path, Kind kind, String type) {
    ObjectNode put =
        operation(
            path,
            "put",
            operation("put", kind),
            "Lets it be so. If-Match: a version, or If-None-Match: *.",
            "200",
            type);
    Contract.body(put, "application/json", ref(type + "Apply"));
    Contract.answer((ObjectNode) put.get("responses"), "201", "It is new.", type);
  }

  private static void patch(ObjectNode path, Kind kind, String type) {
    ObjectNode patch =
        operation(
            path,
            "patch",
            operation("patch", kind),
            "Changes what is named, by JSON Merge Patch (RFC 7396).",
            "200",
            type);
    Contract.body(patch, "application/merge-patch+json", object().put("type", "object"));
  }

  private static void delete(ObjectNode path, Kind kind, String type) {
    ObjectNode delete =
        operation(
            path,
            "delete",
            operation("delete", kind),
            "Lets it be gone. It is being deleted.",
            "202",
            type);
    Contract.answer((ObjectNode) delete.get("responses"), "204", "It is gone.", "");
  }

  private static ArrayNode parameters(ObjectNode operation) {
    return (ArrayNode) operation.get("parameters");
  }
}
