package dev.usher.control;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.usher.event.Attempt;
import dev.usher.event.Endpoint;
import dev.usher.verify.Schemes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.OpenAPIVersion;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** That the code and its description say the same. */
class ApiDescriptionTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final JsonNode DOCUMENT = new ApiDescription().document();
  private static final List<Route> ROUTES = routes();

  /** Every call; nothing is asked of the database. */
  private static List<Route> routes() {
    PgConnectOptions nowhere = new PgConnectOptions().setHost("127.0.0.1").setPort(1);
    return CallTable.routes(
        VERTX,
        new PostgresControlStores(
            PgBuilder.pool().connectingTo(nowhere).using(VERTX).build(),
            new MarkingSealer(),
            InstantSource.system()),
        new SomeSchemes(),
        new NoPrivateUrls(),
        endpoint -> Future.succeededFuture(Optional.empty()),
        event -> Future.failedFuture("nobody publishes here"));
  }

  @AfterAll
  static void close() throws TimeoutException {
    VERTX.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void itIsAnOpenApiDocumentToAnotherReader() throws TimeoutException {
    // It knows no media type that is not among its own; everything else it checks.
    String known =
        DOCUMENT
            .toString()
            .replaceAll("application/(problem|merge-patch)\\+json", "application/json");
    OpenAPIContract contract =
        OpenAPIContract.from(VERTX, new JsonObject(known)).await(30, TimeUnit.SECONDS);
    assertThat(contract.getVersion()).isEqualTo(OpenAPIVersion.V3_1);
    assertThat(contract.operations()).hasSize(ROUTES.size() + 1);
  }

  @Test
  void everyCallIsDescribedAndNothingElseIs() {
    Set<String> described = new TreeSet<>();
    DOCUMENT
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method ->
                            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Stream.of("GET " + ApiDescription.PATH),
                    ROUTES.stream()
                        .map(route -> route.method() + " " + route.path().replace(":id", "{id}")))
                .toList());
  }

  @Test
  void theRolesOfACallAreThoseThatMayMakeIt() {
    for (Route route : ROUTES) {
      List<String> allowed =
          Arrays.stream(Role.values())
              .filter(role -> role.allows(route.access()))
              .map(Role::text)
              .toList();
      assertThat(texts(operation(route).path("x-roles"))).as(route.path()).isEqualTo(allowed);
    }
  }

  private static JsonNode operation(Route route) {
    return DOCUMENT
        .path("paths")
        .path(route.path().replace(":id", "{id}"))
        .path(route.method().toLowerCase(Locale.ROOT));
  }

  @Test
  void everyProblemThereIsIsDescribedWithItsStatus() {
    Set<String> codes = new TreeSet<>();
    for (Problem.Kind kind : Problem.Kind.values()) {
      JsonNode problem = new Problem(kind, "x").toJson();
      codes.add(problem.path("code").asText());
      if (kind == Problem.Kind.METHOD_NOT_ALLOWED) {
        continue; // belongs to no call
      }
      assertThat(responses(kind.status()))
          .as(kind.name())
          .anySatisfy(
              described ->
                  assertThat(described.path("description").asText())
                      .contains("`" + problem.path("code").asText() + "`"));
    }
    assertThat(texts(schema("Problem").at("/properties/code/enum")))
        .containsExactlyInAnyOrderElementsOf(codes);
    Pattern code = Pattern.compile("`([a-z-]+)`");
    for (JsonNode response : DOCUMENT.at("/components/responses")) {
      assertThat(code.matcher(response.path("description").asText()).results())
          .extracting((MatchResult found) -> found.group(1))
          .isSubsetOf(codes);
    }
  }

  /** What the calls answer with {@code status}, resolved. */
  private static List<JsonNode> responses(int status) {
    return ROUTES.stream()
        .map(route -> operation(route).path("responses").path(String.valueOf(status)).path("$ref"))
        .filter(JsonNode::isTextual)
        .map(reference -> DOCUMENT.at(reference.textValue().substring(1)))
        .distinct()
        .toList();
  }

  @Test
  void choicesAreThoseOfTheCode() {
    assertThat(choice("Scheme")).containsExactlyInAnyOrderElementsOf(Schemes.names());
    assertThat(choice("Role")).containsExactlyElementsOf(texts(Role.values()));
    assertThat(choice("GivenRole")).containsExactlyElementsOf(texts(Role.values()));
    assertThat(choice("EventStatus"))
        .containsExactlyInAnyOrderElementsOf(texts(EventStatus.values()));
    assertThat(choice("Signature"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Endpoint.Signature.values()).map(EndpointSettings::text).toList());
    assertThat(texts(schema("Endpoint").at("/properties/status/enum")))
        .containsExactlyInAnyOrderElementsOf(texts(Endpoint.Status.values()));
    assertThat(texts(schema("Attempt").at("/properties/outcome/enum")))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Attempt.Outcome.values()).map(Attempt.Outcome::toString).toList());
  }

  private static List<String> choice(String schema) {
    return texts(schema(schema).path("enum"));
  }

  private static List<String> texts(Enum<?>[] values) {
    return Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList();
  }

  @Test
  void everythingThatARequestMayHoldIsBounded() {
    List<String> unbounded = new ArrayList<>();
    for (String request : requests()) {
      JsonNode schema = schema(request);
      assertThat(schema.path("additionalProperties").asBoolean(true)).as(request).isFalse();
      unbounded(schema, request, unbounded);
    }
    DOCUMENT.at("/components/parameters").properties().stream()
        .filter(parameter -> parameter.getValue().path("in").asText().equals("query"))
        .forEach(
            parameter ->
                unbounded(parameter.getValue().path("schema"), parameter.getKey(), unbounded));
    assertThat(unbounded)
        .as(
            "a text needs maxLength, a pattern or an enum; a list and a map how many; a number both"
                + " ends")
        .isEmpty();
  }

  private static Set<String> requests() {
    return StreamSupport.stream(DOCUMENT.path("paths").spliterator(), false)
        .flatMap(path -> StreamSupport.stream(path.spliterator(), false))
        .map(operation -> operation.at("/requestBody/content/application~1json/schema/$ref"))
        .filter(JsonNode::isTextual)
        .map(reference -> reference.asText().substring("#/components/schemas/".length()))
        .collect(toCollection(TreeSet::new));
  }

  /** Payloads and schemas are the organization's: their bytes are bounded instead. */
  private static final Set<String> FREE =
      Set.of("NewEvent.data", "NewEvents.events.data", "schema", "sample");

  private static void unbounded(JsonNode schema, String place, List<String> found) {
    if (schema.has("$ref")) {
      unbounded(DOCUMENT.at(schema.path("$ref").asText().substring(1)), place, found);
      return;
    }
    String types = schema.path("type").toString();
    boolean right =
        schema.has("enum")
            || types.contains("boolean")
            || (types.contains("integer") && schema.has("minimum") && schema.has("maximum"))
            || (types.contains("string") && (schema.has("maxLength") || closed(schema)))
            || (types.contains("array") && schema.has("maxItems"))
            || (types.contains("object") && bounded(schema))
            || FREE.contains(place)
            || FREE.contains(place.substring(place.lastIndexOf('.') + 1));
    if (!right) {
      found.add(place);
    }
    schema
        .path("properties")
        .properties()
        .forEach(member -> unbounded(member.getValue(), place + "." + member.getKey(), found));
    if (schema.has("items")) {
      unbounded(schema.path("items"), place, found);
    }
  }

  private static boolean closed(JsonNode schema) {
    String pattern = schema.path("pattern").asText();
    return !pattern.isEmpty() && !pattern.contains("*") && !pattern.contains("+");
  }

  private static boolean bounded(JsonNode object) {
    return object.has("maxProperties") || !object.path("additionalProperties").asBoolean(true);
  }

  @Test
  void nothingIsDescribedThatNobodyRefersTo() {
    String text = DOCUMENT.toString();
    for (Map.Entry<String, JsonNode> kind : DOCUMENT.path("components").properties()) {
      if (kind.getKey().equals("securitySchemes")) {
        continue;
      }
      Set<String> unused =
          kind.getValue().properties().stream()
              .map(Map.Entry::getKey)
              .filter(name -> !text.contains("\"#/components/" + kind.getKey() + "/" + name + "\""))
              .collect(toSet());
      assertThat(unused).as(kind.getKey()).isEmpty();
    }
  }

  private static JsonNode schema(String name) {
    JsonNode schema = DOCUMENT.at("/components/schemas/" + name);
    assertThat(schema.isObject()).as(name).isTrue();
    return schema;
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false)
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .toList();
  }
}
