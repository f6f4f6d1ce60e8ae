package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.DisallowUnknownKeywordFactory;
import com.networknt.schema.keyword.NonValidationKeyword;
import com.networknt.schema.regex.RegularExpression;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The API as {@code openapi.json} describes it (OpenAPI 3.1). Requests are judged by what stands
 * there, and the code adds only what a schema cannot say. Immutable once it is made.
 */
final class ApiDescription {
  /** Where {@link #document} is found. */
  static final String PATH = "/v1/openapi.json";

  private static final String RESOURCE = "openapi.json";
  private static final String IRI = "urn:usher:openapi";

  /** More characters than any text with a pattern may have. */
  private static final int LONGEST_TEXT = 4_096;

  /** What OpenAPI has beside JSON Schema, and what we have beside both. */
  private static final List<String> ANNOTATIONS =
      List.of(
          "openapi",
          "info",
          "servers",
          "security",
          "tags",
          "paths",
          "components",
          SchemaWords.EXPECTED);

  private final ObjectNode document;
  private final SchemaRegistry registry;
  private final SchemaWords words;

  /**
   * @throws IllegalStateException where the document is not what it should be: a fault of the build
   */
  ApiDescription() {
    String text = read();
    this.document = (ObjectNode) Json.trusted(text);
    this.registry = registry(text);
    this.words = new SchemaWords(document);
  }

  private static String read() {
    try (InputStream in = ApiDescription.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A keyword that is neither JSON Schema's nor one of ours is a slip of the pen. */
  private static SchemaRegistry registry(String document) {
    Dialect dialect =
        Dialect.builder(Dialects.getDraft202012())
            .keywords(
                known ->
                    ANNOTATIONS.forEach(name -> known.put(name, new NonValidationKeyword(name))))
            .unknownKeywordFactory(DisallowUnknownKeywordFactory.getInstance())
            .build();
    return SchemaRegistry.withDefaultDialect(
        dialect,
        builder ->
            builder
                .schemas(Map.of(IRI, document))
                .schemaRegistryConfig(
                    SchemaRegistryConfig.builder()
                        .locale(Locale.ENGLISH)
                        .formatAssertionsEnabled(false)
                        .regularExpressionFactory(ApiDescription::regularExpression)
                        .build()));
  }

  /** A text that is too long is told so by its maxLength, and is not looked through. */
  private static RegularExpression regularExpression(String text) {
    LinearPattern pattern = LinearPattern.compile(text);
    return value -> value.length() <= LONGEST_TEXT && pattern.isIn(value);
  }

  /** As it is shown to everybody. Not to be changed. */
  ObjectNode document() {
    return document;
  }

  /**
   * What the description says of one call.
   *
   * @throws IllegalStateException where it is not described
   */
  DescribedCall call(Route route) {
    String path = route.path().replace(":id", "{id}");
    JsonNode operation =
        document.path("paths").path(path).path(route.method().toLowerCase(Locale.ROOT));
    if (operation.isMissingNode()) {
      throw new IllegalStateException(route.method() + " " + path + " is not described");
    }
    List<DescribedParameter> parameters = new ArrayList<>();
    for (JsonNode reference : operation.path("parameters")) {
      parameters.add(parameter(reference.path("$ref").asText()));
    }
    return new DescribedCall(body(operation), parameters, words);
  }

  private DescribedParameter parameter(String reference) {
    JsonNode parameter = document.at(reference.substring(1));
    return new DescribedParameter(
        parameter.path("name").asText(),
        parameter.path("in").asText(),
        parameter.path("x-names").asText(),
        schema(reference + "/schema"),
        parameter.path("schema").path("type").asText().equals("integer"));
  }

  private @Nullable Schema body(JsonNode operation) {
    JsonNode schema = operation.at("/requestBody/content/application~1json/schema");
    return schema.isMissingNode() ? null : schema(schema.path("$ref").asText());
  }

  /** The schema at {@code reference}, for example {@code #/components/schemas/Name}. */
  Schema schema(String reference) {
    Schema schema = registry.getSchema(SchemaLocation.of(IRI + reference));
    schema.initializeValidators(); // all that can go wrong does so at the start
    return schema;
  }
}
