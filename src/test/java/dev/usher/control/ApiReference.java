package dev.usher.control;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The API's description as a page for people, in Markdown. */
final class ApiReference {
  private static final String HEAD =
      """
      # API reference

      Every call of the management API with what it takes and answers. Made from `openapi.json`, which the
      gateway shows at `GET /v1/openapi.json` and judges requests by; change it there. What all calls have in
      common, and examples: [The management API](api.md).

      """;

  private final JsonNode document;
  private final StringBuilder page = new StringBuilder(HEAD);

  private ApiReference(JsonNode document) {
    this.document = document;
  }

  /** The page; ends with a line break. */
  static String of(JsonNode document) {
    ApiReference reference = new ApiReference(document);
    document.path("tags").forEach(tag -> reference.group(tag.path("name").asText()));
    reference.problems();
    reference.schemas();
    return reference.page.toString().stripTrailing() + "\n";
  }

  private void group(String tag) {
    line("## " + tag);
    line("");
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        operation -> {
                          if (operation.getValue().path("tags").path(0).asText().equals(tag)) {
                            call(operation.getKey(), path.getKey(), operation.getValue());
                          }
                        }));
  }

  private void call(String method, String path, JsonNode operation) {
    line("### " + method.toUpperCase(Locale.ROOT) + " " + path);
    line("");
    String more = operation.path("description").asText();
    line(
        operation.path("summary").asText()
            + ". "
            + (more.isEmpty() ? "" : more + " ")
            + who(operation));
    line("");
    List<JsonNode> parameters = new ArrayList<>();
    operation.path("parameters").forEach(reference -> parameters.add(resolved(reference)));
    if (!parameters.isEmpty()) {
      line("| parameter | in | type | |");
      line("|---|---|---|---|");
      for (JsonNode parameter : parameters) {
        row(
            "`" + parameter.path("name").asText() + "`",
            parameter.path("in").asText(),
            type(parameter.path("schema")),
            parameter.path("description").asText());
      }
      line("");
    }
    JsonNode body = operation.at("/requestBody/content/application~1json/schema");
    if (!body.isMissingNode()) {
      line(
          "Body: "
              + type(body)
              + (operation.at("/requestBody/required").asBoolean() ? "." : ", or none."));
      line("");
    }
    answers(operation.path("responses"));
  }

  private static String who(JsonNode operation) {
    if (operation.has("security")) {
      return "No key is needed.";
    }
    List<String> roles = texts(operation.path("x-roles"));
    return roles.isEmpty()
        ? "For the administrator."
        : "Roles: " + roles.stream().map(role -> "`" + role + "`").collect(joining(", ")) + ".";
  }

  private void answers(JsonNode responses) {
    List<String> problems = new ArrayList<>();
    line("| answer | body | |");
    line("|---|---|---|");
    responses
        .properties()
        .forEach(
            response -> {
              JsonNode schema = response.getValue().at("/content/application~1json/schema");
              if (response.getValue().has("$ref")) {
                problems.add(response.getKey());
              } else {
                row(
                    response.getKey(),
                    schema.isMissingNode() ? "none" : type(schema),
                    response.getValue().path("description").asText());
              }
            });
    row(String.join(", ", problems), "[`Problem`](#problem)", "See [Problems](#problems).");
    line("");
  }

  private void problems() {
    line("## Problems");
    line("");
    line("| status | |");
    line("|---|---|");
    document
        .at("/components/responses")
        .properties()
        .forEach(
            response ->
                row(status(response.getKey()), response.getValue().path("description").asText()));
    line("");
  }

  /** The status under which calls answer with the shared {@code response}. */
  private String status(String response) {
    String reference = "#/components/responses/" + response;
    for (JsonNode path : document.path("paths")) {
      for (JsonNode operation : path) {
        for (Map.Entry<String, JsonNode> answer : operation.path("responses").properties()) {
          if (answer.getValue().path("$ref").asText().equals(reference)) {
            return answer.getKey();
          }
        }
      }
    }
    throw new IllegalStateException("no call answers with " + response);
  }

  private void schemas() {
    line("## Schemas");
    line("");
    document
        .at("/components/schemas")
        .properties()
        .forEach(
            schema -> {
              line("### " + schema.getKey());
              line("");
              schema(schema.getValue());
            });
  }

  private void schema(JsonNode schema) {
    if (schema.has("description")) {
      line(schema.path("description").asText());
      line("");
    }
    if (!schema.has("properties")) {
      line(capital(type(schema)) + ".");
      line("");
      return;
    }
    List<String> required = texts(schema.path("required"));
    line("| member | type | |");
    line("|---|---|---|");
    schema
        .path("properties")
        .properties()
        .forEach(
            member ->
                row(
                    "`"
                        + member.getKey()
                        + "`"
                        + (required.contains(member.getKey()) ? "" : " (optional)"),
                    type(member.getValue()),
                    member.getValue().path("description").asText()));
    line("");
  }

  /** A schema in a few words. */
  private String type(JsonNode schema) {
    if (schema.has("$ref")) {
      String reference = schema.path("$ref").asText();
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      return "[`" + name + "`](#" + name.toLowerCase(Locale.ROOT) + ")";
    }
    if (schema.has("enum")) {
      return StreamSupport.stream(schema.path("enum").spliterator(), false)
          .map(value -> "`" + value.asText() + "`")
          .collect(joining(", "));
    }
    if (schema.has("properties")) {
      return "object: "
          + schema.path("properties").properties().stream()
              .map(member -> "`" + member.getKey() + "` " + type(member.getValue()))
              .collect(joining(", "));
    }
    JsonNode types = schema.path("type");
    boolean orNull = types.isArray();
    String name = orNull ? types.path(0).asText() : types.asText("anything");
    return name + limits(schema) + parts(schema) + (orNull ? ", or null" : "");
  }

  private static String limits(JsonNode schema) {
    String limits = "";
    if (schema.has("minimum") && schema.has("maximum")) {
      limits += " from " + schema.path("minimum") + " to " + schema.path("maximum");
    } else if (schema.has("minimum")) {
      limits += " from " + schema.path("minimum");
    }
    if (schema.has("maxLength")) {
      String least = schema.has("minLength") ? schema.path("minLength") + " to " : "up to ";
      limits += " of " + least + schema.path("maxLength") + " characters";
    }
    if (schema.has("pattern") && schema.path("pattern").asText().length() < 40) {
      limits += " like `" + schema.path("pattern").asText().replace("|", "\\|") + "`";
    }
    return limits;
  }

  private String parts(JsonNode schema) {
    if (schema.has("items")) {
      String most = schema.has("maxItems") ? " up to " + schema.path("maxItems") : "";
      return " of" + most + " " + type(schema.path("items"));
    }
    if (schema.path("additionalProperties").isObject()) {
      String most = schema.has("maxProperties") ? " up to " + schema.path("maxProperties") : "";
      return " of" + most + " " + type(schema.path("additionalProperties"));
    }
    return "";
  }

  private JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  private static String capital(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private void row(String... cells) {
    line("| " + String.join(" | ", cells) + " |");
  }

  private void line(String text) {
    page.append(text.stripTrailing()).append('\n');
  }
}
