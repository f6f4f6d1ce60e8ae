package dev.usher.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Holds every answer that a test gets from the management API against its description: the status
 * has to be described for the call, and the body has to be as its schema says, without a member
 * that is not described.
 */
public final class DescribedAnswers {
  private static final String IRI = "urn:usher:openapi:strict";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode DOCUMENT = strict(read());
  private static final SchemaRegistry REGISTRY = registry();

  private DescribedAnswers() {}

  private static JsonNode read() {
    try (InputStream in =
        DescribedAnswers.class.getResourceAsStream("/dev/usher/control/openapi.json")) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Clients must expect members to be added; tests must not. */
  private static JsonNode strict(JsonNode document) {
    for (JsonNode schema : document.findParents("properties")) {
      if (schema instanceof ObjectNode object && !object.has("additionalProperties")) {
        object.put("additionalProperties", false);
      }
    }
    return document;
  }

  private static SchemaRegistry registry() {
    List<String> annotations =
        List.of(
            "openapi", "info", "servers", "security", "tags", "paths", "components", "x-expected");
    Dialect dialect =
        Dialect.builder(Dialects.getDraft202012())
            .keywords(
                known ->
                    annotations.forEach(name -> known.put(name, new NonValidationKeyword(name))))
            .build();
    return SchemaRegistry.withDefaultDialect(
        dialect, builder -> builder.schemas(Map.of(IRI, DOCUMENT.toString())));
  }

  /**
   * Checks one answer.
   *
   * @param target path and query as they were asked for
   * @param contentType empty where there was none
   * @throws AssertionError naming what is not described
   */
  public static void check(
      String method, String target, int status, String contentType, String body) {
    String path = target.contains("?") ? target.substring(0, target.indexOf('?')) : target;
    JsonNode operation = operation(method, path).orElse(null);
    String call = method + " " + path + " answered " + status;
    if (operation == null) {
      if (path.startsWith("/v1") && status != 404 && status != 405 && status != 400) {
        throw new AssertionError(call + ", but is not described");
      }
      return;
    }
    JsonNode response = resolved(operation.path("responses").path(String.valueOf(status)));
    if (response.isMissingNode()) {
      throw new AssertionError(call + ", which is not described: " + body);
    }
    if (!response.has("content")) {
      if (!body.isEmpty()) {
        throw new AssertionError(call + " with a body that is not described: " + body);
      }
      return;
    }
    JsonNode schema = response.path("content").path(contentType).path("schema");
    if (schema.isMissingNode()) {
      throw new AssertionError(call + " with " + contentType + ", which is not described");
    }
    List<Error> differences = differences(schema, body);
    if (!differences.isEmpty()) {
      throw new AssertionError(call + ", differently than described: " + differences + "\n" + body);
    }
  }

  private static List<Error> differences(JsonNode schema, String body) {
    String reference = schema.path("$ref").asText();
    if (reference.isEmpty()) {
      return List.of(); // anything
    }
    Schema described = REGISTRY.getSchema(SchemaLocation.of(IRI + reference));
    try {
      return described.validate(JSON.readTree(body));
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + body, e);
    }
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.path("$ref").asText().substring(1)) : node;
  }

  private static Optional<JsonNode> operation(String method, String path) {
    JsonNode exact = DOCUMENT.path("paths").path(path);
    String name = method.toLowerCase(Locale.ROOT);
    if (exact.has(name)) {
      return Optional.of(exact.path(name));
    }
    return DOCUMENT.path("paths").properties().stream()
        .filter(described -> path.matches(described.getKey().replace("{id}", "[^/]+")))
        .map(Map.Entry::getValue)
        .filter(described -> described.has(name))
        .map(described -> described.path(name))
        .findFirst();
  }
}
