package io.mammatus.control.api.contract;

import static io.mammatus.control.api.contract.Contract.operation;
import static io.mammatus.control.api.contract.Contract.parameter;
import static io.mammatus.control.api.contract.Schemas.object;
import static io.mammatus.control.api.contract.Schemas.ref;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The paths that belong to one kind alone, or to none. */
final class OtherPaths {

  private OtherPaths() {}

  static void add(ObjectNode paths) {
    action(
        paths,
        "/v1/machines/{name}/accept",
        "acceptMachine",
        "Lets a machine in.",
        "Machine",
        "Accept");
    action(
        paths,
        "/v1/machines/{name}/reject",
        "rejectKey",
        "Turns one key down.",
        "Machine",
        "Reject");
    action(
        paths,
        "/v1/nodes/{name}/revoke",
        "revokeNode",
        "Takes its certificate away.",
        "Node",
        "Revoke");
    dhcp(paths);
    log(paths);
    blobs(paths);
    ObjectNode health =
        operation(
            paths.putObject("/v1/health"),
            "get",
            "health",
            "Whether it is alive and ready.",
            "200",
            "Health");
    health.putArray("security");
    Contract.answer((ObjectNode) health.get("responses"), "503", "Not ready.", "Health");
    ObjectNode contract = paths.putObject("/v1/openapi.json");
    operation(contract, "get", "contract", "This document.", "200", "").putArray("security");
    ObjectNode metrics =
        operation(
            paths.putObject("/metrics"),
            "get",
            "metrics",
            "Figures in Prometheus's format.",
            "200",
            "");
    response(metrics)
        .putObject("content")
        .putObject("text/plain")
        .putObject("schema")
        .put("type", "string");
  }

  private static void action(
      ObjectNode paths, String path, String id, String summary, String answer, String body) {
    ObjectNode at = paths.putObject(path);
    at.putArray("parameters").add(Contract.name());
    Contract.body(operation(at, "post", id, summary, "200", answer), "application/json", ref(body));
  }

  private static void dhcp(ObjectNode paths) {
    ObjectNode leases = paths.putObject("/v1/networks/{name}/leases");
    leases.putArray("parameters").add(Contract.name());
    pages(
        operation(
            leases,
            "get",
            "listLeases",
            "Who has which address, by address, a page at a time.",
            "200",
            "LeasePage"));
    ObjectNode card = paths.putObject("/v1/cards/{mac}/why");
    card.putArray("parameters")
        .add(
            parameter(
                "path",
                "mac",
                "A network card's address.",
                object().put("type", "string").put("pattern", Schemas.MAC)));
    pages(
        operation(
            card,
            "get",
            "whyCard",
            "What the card asked and what it was answered, oldest first, a page at a time.",
            "200",
            "Why"));
  }

  private static void pages(ObjectNode operation) {
    ((ArrayNode) operation.get("parameters"))
        .add(KindPaths.limit())
        .add(KindPaths.after("The next of the page before."));
  }

  private static void log(ObjectNode paths) {
    ObjectNode events =
        operation(
            paths.putObject("/v1/events"),
            "get",
            "events",
            "The log as Server-Sent Events; resumes after Last-Event-ID.",
            "200",
            "");
    ((ArrayNode) events.get("parameters"))
        .add(
            parameter(
                "query",
                "after",
                "The position after which to begin; without it, now. 410 if the log ends before it.",
                object().put("type", "integer").put("format", "int64").put("minimum", 0)))
        .add(
            parameter(
                "query",
                "kind",
                "Only what concerns resources of this kind.",
                object().put("type", "string").put("maxLength", 32)));
    events(events);
  }

  /** Lets an operation answer with events too. */
  static void events(ObjectNode operation) {
    response(operation)
        .withObject("/content")
        .putObject("text/event-stream")
        .set("schema", ref("Event"));
  }

  private static void blobs(ObjectNode paths) {
    ObjectNode blob = paths.putObject("/v1/blobs/{sha256}");
    blob.putArray("parameters")
        .add(
            parameter(
                "path",
                "sha256",
                "The digest of the content.",
                object().put("type", "string").put("pattern", Schemas.DIGEST)));
    operation(blob, "head", "hasBlob", "Whether it is there.", "200", "");
    ObjectNode put =
        operation(blob, "put", "putBlob", "Stores a file under its digest.", "201", "");
    Contract.body(
        put, "application/octet-stream", object().put("type", "string").put("format", "binary"));
    Contract.answer((ObjectNode) put.get("responses"), "204", "It was there already.", "");
  }

  private static ObjectNode response(ObjectNode operation) {
    return (ObjectNode) operation.get("responses").get("200");
  }
}
