package dev.usher.control;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.path.NodePath;
import java.util.stream.StreamSupport;

/**
 * What schemas of the API's description want, in words: as the schema itself says by {@value
 * #EXPECTED}, or else made from its keywords.
 */
final class SchemaWords {
  static final String EXPECTED = "x-expected";

  /** OpenAPI's mark of a value that is not to be shown. */
  private static final String HIDDEN = "password";

  private final JsonNode document;

  SchemaWords(JsonNode document) {
    this.document = document;
  }

  /** The fault that a difference between a body and its schema is. */
  Fault fault(Error error) {
    JsonNode schema = broken(error.getSchemaLocation().getFragment());
    String property = error.getProperty();
    String place = FieldPath.of("", error.getInstanceLocation());
    if (property == null) {
      JsonNode value = error.getInstanceNode();
      boolean hidden = value == null || schema.path("format").asText().equals(HIDDEN);
      return hidden
          ? Fault.hidden(place, expected(schema))
          : Fault.of(place, value, expected(schema));
    }
    String field = FieldPath.member(place, property);
    JsonNode known = schema.path("properties");
    return known.has(property)
        ? Fault.hidden(field, expected(known.get(property)) + " (required)")
        : Fault.hidden(field, "only the members " + names(known));
  }

  /** The schema in which the keyword at {@code path} stands. */
  private JsonNode broken(NodePath path) {
    JsonNode node = document;
    for (int i = 0; i < path.getNameCount() - 1; i++) {
      node =
          path.getElement(i) instanceof Integer index
              ? node.path(index)
              : node.path(path.getName(i));
    }
    return node;
  }

  /** What {@code schema} wants. */
  String expected(Schema schema) {
    return expected(schema.getSchemaNode());
  }

  private String expected(JsonNode schema) {
    JsonNode reference = schema.path("$ref");
    if (reference.isTextual()) {
      return expected(document.at(reference.textValue().substring(1)));
    }
    if (schema.has(EXPECTED)) {
      return schema.get(EXPECTED).asText();
    }
    if (schema.has("enum")) {
      return "one of " + values(schema.get("enum"));
    }
    JsonNode types = schema.path("type");
    return switch (types.isArray() ? types.path(0).asText() : types.asText()) {
      case "integer" ->
          "a whole number from " + schema.path("minimum") + " to " + schema.path("maximum");
      case "boolean" -> "true or false";
      case "object" -> "an object";
      case "array" -> "a list";
      default -> "a string";
    };
  }

  /** Without null, which stands for a member that is missing. */
  private static String values(JsonNode choice) {
    return StreamSupport.stream(choice.spliterator(), false)
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .collect(joining(", "));
  }

  private static String names(JsonNode properties) {
    return properties.properties().stream().map(member -> member.getKey()).collect(joining(", "));
  }
}
