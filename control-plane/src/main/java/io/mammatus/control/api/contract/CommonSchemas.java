package io.mammatus.control.api.contract;

import static io.mammatus.control.api.contract.Schemas.object;
import static io.mammatus.control.api.contract.Schemas.ref;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The schemas that belong to no kind. */
final class CommonSchemas {

  private CommonSchemas() {}

  static void addTo(Schemas schemas) {
    schemas.put("Labels", labels());
    schemas.put("Problem", problem());
    schemas.put("Event", event());
    schemas.put("Why", why());
    schemas.put("LeasePage", leases());
    schemas.put("Health", health());
    schemas.put("Accept", fingerprint("The key that the machine shows on its own console.", false));
    schemas.put("Reject", fingerprint("The key that is turned down.", true));
    ObjectNode revoke = closed();
    revoke
        .withObject("/properties")
        .putObject("reason")
        .put("type", "string")
        .put("minLength", 1)
        .put("maxLength", 200)
        .put("description", "What the log says of it.");
    revoke.putArray("required").add("reason");
    schemas.put("Revoke", revoke);
  }

  /** An object without further fields. */
  static ObjectNode closed() {
    ObjectNode schema = object().put("type", "object").put("additionalProperties", false);
    schema.putObject("properties");
    return schema;
  }

  private static ObjectNode labels() {
    ObjectNode labels =
        object()
            .put("type", "object")
            .put("description", "Free words for finding it again.")
            .put("maxProperties", 64);
    labels.putObject("propertyNames").put("pattern", Schemas.LABEL);
    labels.putObject("additionalProperties").put("type", "string").put("maxLength", 256);
    return labels;
  }

  private static ObjectNode fingerprint(String description, boolean required) {
    ObjectNode schema = closed();
    schema
        .withObject("/properties")
        .putObject("fingerprint")
        .put("type", "string")
        .put("description", description)
        .put("pattern", Schemas.FINGERPRINT);
    if (required) {
      schema.putArray("required").add("fingerprint");
    }
    return schema;
  }

  private static ObjectNode problem() {
    ObjectNode problem = object().put("type", "object").put("description", "RFC 9457.");
    ObjectNode fields = problem.putObject("properties");
    fields.set("type", Contract.text("Stable: urn:mammatus:problem:CODE."));
    fields.set("title", Contract.text("The same for every problem of this type."));
    fields.putObject("status").put("type", "integer");
    fields.set("detail", Contract.text("What is wrong here, and what to do."));
    fields.set("field", Contract.text("The field that is wrong, such as spec.cidr."));
    ObjectNode errors = fields.putObject("errors").put("type", "array");
    ObjectNode error = errors.putObject("items").put("type", "object").putObject("properties");
    error.set("field", Contract.text("The field."));
    error.set("message", Contract.text("What is wrong with it."));
    problem.putArray("required").add("type").add("title").add("status").add("detail");
    return problem;
  }

  private static ObjectNode event() {
    ObjectNode event = object().put("type", "object").put("description", "One entry of the log.");
    ObjectNode fields = event.putObject("properties");
    fields.putObject("position").put("type", "integer").put("format", "int64");
    fields.putObject("at").put("type", "string").put("format", "date-time");
    fields.set("actor", Contract.text("Who: admin, planner, node:NAME and so on."));
    fields.set("cause", Contract.text("What it answers."));
    fields.set("traceId", Contract.text("Ties together what one cause led to (W3C)."));
    fields.set("type", Contract.text("The event's name, such as MachineAccepted."));
    fields.set("text", Contract.text("The same as a sentence."));
    ObjectNode detail = fields.putObject("event").put("type", "object");
    detail.put("description", "The event itself.");
    return event;
  }

  private static ObjectNode why() {
    ObjectNode item = object().put("type", "object");
    ObjectNode fields = item.putObject("properties");
    fields.putObject("at").put("type", "string").put("format", "date-time");
    fields.putObject("kind").put("type", "string").putArray("enum").add("event").add("trace");
    fields.putObject("position").put("type", "integer").put("format", "int64");
    fields.set("actor", Contract.text("Who did or saw it."));
    fields.set("cause", Contract.text("What it answers."));
    fields.set("what", Contract.text("A stable word."));
    fields.set("text", Contract.text("A sentence for people."));
    fields.putObject("detail").put("type", "object");
    ObjectNode why = object().put("type", "object");
    ObjectNode page = why.putObject("properties");
    page.putObject("items").put("type", "array").set("items", item);
    page.set("next", next());
    return why;
  }

  private static ObjectNode leases() {
    ObjectNode item = object().put("type", "object");
    ObjectNode fields = item.putObject("properties");
    fields.set("address", Contract.text("The address."));
    fields.set(
        "state",
        Contract.text(
            "machine, instance or reserved; of a pool: bound, expired, released or declined."));
    fields.set("mac", Contract.text("The network card."));
    fields.set("hostName", Contract.text("What it is called, or calls itself."));
    fields.set("clientId", Contract.text("Option 61, in hexadecimal."));
    fields.set("port", Contract.text("Where a relay heard it (option 82), in hexadecimal."));
    fields.putObject("since").put("type", "string").put("format", "date-time");
    fields.putObject("until").put("type", "string").put("format", "date-time");
    ObjectNode leases = object().put("type", "object");
    ObjectNode page = leases.putObject("properties");
    page.putObject("items").put("type", "array").set("items", item);
    page.set("next", next());
    return leases;
  }

  private static ObjectNode health() {
    ObjectNode health = object().put("type", "object");
    ObjectNode fields = health.putObject("properties");
    fields.putObject("live").put("type", "boolean");
    fields.putObject("ready").put("type", "boolean");
    fields.putObject("parts").put("type", "object");
    return health;
  }

  private static ObjectNode next() {
    return Contract.text("Give it as after to get the next page; absent on the last.");
  }

  /** A page of resources. */
  static ObjectNode page(String resource) {
    ObjectNode page = object().put("type", "object");
    ObjectNode fields = page.putObject("properties");
    fields.putObject("items").put("type", "array").set("items", ref(resource));
    fields.set("next", next());
    fields
        .putObject("position")
        .put("type", "integer")
        .put("format", "int64")
        .put("description", "The log's position that this shows: watch from here.");
    return page;
  }
}
