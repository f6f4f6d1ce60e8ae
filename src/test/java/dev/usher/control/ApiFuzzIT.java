package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.usher.control.ControlFixture.Response;
import dev.usher.control.FuzzedRequests.Request;
import dev.usher.testing.DescribedAnswers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/**
 * Every call with hundreds of requests that were made from its description and then spoilt. With
 * {@code -Dusher.seed=N} other ones; a failure names its seed.
 */
@ExtendWith(ControlFixture.Extension.class)
class ApiFuzzIT {
  private static final long SEED = Long.getLong("usher.seed", 20251123);
  private static final int REQUESTS_OF_A_CALL = Integer.getInteger("usher.requests", 150);

  private static final boolean REPORT = Boolean.getBoolean("usher.report");

  /** What every call has for its answer; {@code ControlApi} promises it. */
  private static final int DEADLINE_MILLIS = 15_000;

  /** A page of 250 rows with their largest texts, and what stands around them. */
  private static final int LONGEST_ANSWER_BYTES = 8 * 1024 * 1024;

  private static final Pattern STACK_TRACE =
      Pattern.compile("Exception|Error:|\\tat |java\\.|io\\.vertx|postgres|SQLSTATE|\\bnull\\b\\.");

  private final ControlFixture control;
  private final JsonNode document = new ApiDescription().document();
  private final SchemaRegistry schemas;
  private Tenant tenant;

  ApiFuzzIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
    this.schemas =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemas(Map.of("urn:fuzz", document.toString())));
  }

  private record Answer(int status, String contentType, String head, String body) {}

  @Test
  void noRequestMakesACallFailOrTellWhatIsInside() {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.addAppender(log);
    try {
      FuzzedRequests requests = new FuzzedRequests(SEED, document);
      document
          .path("paths")
          .properties()
          .forEach(
              path ->
                  path.getValue()
                      .properties()
                      .forEach(
                          operation ->
                              fuzz(
                                  requests,
                                  operation.getKey(),
                                  path.getKey(),
                                  operation.getValue())));
    } finally {
      root.detachAppender(log);
    }
    assertThat(List.copyOf(log.list))
        .as("what callers send never becomes a line of the log, and is no failure of ours")
        .noneMatch(
            event ->
                event.getLevel().isGreaterOrEqual(ch.qos.logback.classic.Level.ERROR)
                    || event.getFormattedMessage().contains("\n"));
  }

  private void fuzz(FuzzedRequests requests, String method, String path, JsonNode operation) {
    tenant = control.tenant();
    boolean operators = operation.path("x-roles").isEmpty();
    int done = 0;
    for (int i = 0; i < REQUESTS_OF_A_CALL; i++) {
      String id = i % 20 == 0 || id(path).isEmpty() ? existing(path) : id(path);
      known = id;
      Request request =
          requests.next(method.toUpperCase(Locale.ROOT), path, operation, id.isEmpty() ? "x" : id);
      Answer answer = send(request, operators ? ControlFixture.ADMIN_KEY : tenant.key());
      done += answer.status() < 300 ? 1 : 0;
      try {
        check(request, answer, path, operation);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + SEED + ": " + request + "\nwas answered " + answer, e);
      }
    }
    // The fixture has nothing to try endpoints with, and certificates are not made by chance.
    if (!path.endsWith("/test") && !(path.endsWith("/tls") && method.equals("put"))) {
      assertThat(done).as("right requests are among those to " + method + " " + path).isPositive();
    }
    if (REPORT) {
      System.out.printf("%s %s: %d done%n", method, path, done);
    }
  }

  private String known = "";

  private String id(String path) {
    return path.contains("{id}") ? known : "none";
  }

  /** The id of something new that {@code path} can name. */
  private String existing(String path) {
    if (path.startsWith("/v1/organizations/")) {
      return control.tenant().id();
    }
    if (path.startsWith("/v1/keys/")) {
      return tenant.post("/v1/keys", "{\"name\": \"k\"}").text("id");
    }
    if (path.startsWith("/v1/sources/")) {
      return tenant.source();
    }
    if (path.startsWith("/v1/endpoints/")) {
      return tenant.endpoint("*");
    }
    if (path.startsWith("/v1/events/{id}")) {
      return tenant.event("invoice.purchase");
    }
    if (path.startsWith("/v1/event-types/")) {
      tenant.post("/v1/event-types", "{\"name\": \"own.type\"}");
      return "own.type";
    }
    if (path.startsWith("/v1/recoveries/")) {
      String since = "{\"since\": \"2026-01-01T00:00:00Z\"}";
      return tenant.post("/v1/endpoints/" + tenant.endpoint("*") + "/recover", since).text("id");
    }
    return "none";
  }

  private void check(Request request, Answer answer, String path, JsonNode operation) {
    boolean tried = path.endsWith("/test"); // the fixture has nothing to try with
    assertThat(answer.status()).isNotIn(tried ? List.of(500) : List.of(500, 503));
    assertThat(answer.status()).isBetween(200, 503);
    assertThat(answer.head().toLowerCase(Locale.ROOT)).doesNotContain("set-cookie");
    if (answer.status() >= 400) {
      assertThat(STACK_TRACE.matcher(ownWords(answer)).find()).as("a stack trace").isFalse();
    }
    assertThat(answer.head()).containsIgnoringCase("x-content-type-options: nosniff");
    if (answer.status() == 414 || answer.status() == 431) { // no call has begun
      assertThat(answer.contentType()).isEqualTo("application/problem+json");
    } else {
      DescribedAnswers.check(
          request.method(), request.target(), answer.status(), answer.contentType(), answer.body());
    }
    if (answer.status() < 300 && request.body().length > 0) {
      assertThat(isDescribed(operation, request.body())).as("the body is as described").isTrue();
    }
  }

  /** A problem without what it repeats of the request. */
  private static String ownWords(Answer answer) {
    return answer.body().replaceAll("\"(value|field)\":\"(\\\\.|[^\"\\\\])*\"", "");
  }

  /** Judged by another reader of regular expressions than the one that judges requests. */
  private boolean isDescribed(JsonNode operation, byte[] body) {
    JsonNode schema = operation.at("/requestBody/content/application~1json/schema/$ref");
    JsonNode json = Json.payload(body);
    if (schema.isMissingNode()) {
      return json.isObject() && json.isEmpty();
    }
    Schema described =
        Objects.requireNonNull(schemas.getSchema(SchemaLocation.of("urn:fuzz" + schema.asText())));
    return described.validate(json).isEmpty();
  }

  private Answer send(Request request, String key) {
    StringBuilder head = new StringBuilder();
    head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    head.append("host: x\r\nconnection: close\r\nauthorization: Bearer ")
        .append(key)
        .append("\r\n");
    request.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    head.append("content-length: ").append(request.body().length).append("\r\n\r\n");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), control.port())) {
      socket.setSoTimeout(DEADLINE_MILLIS);
      socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().write(request.body());
      socket.getOutputStream().flush();
      byte[] answer = socket.getInputStream().readNBytes(LONGEST_ANSWER_BYTES + 1);
      assertThat(answer.length).isLessThanOrEqualTo(LONGEST_ANSWER_BYTES);
      return parsed(new String(answer, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new AssertionError("seed " + SEED + ": no answer to " + request, e);
    }
  }

  private static Answer parsed(String answer) {
    int end = answer.indexOf("\r\n\r\n");
    assertThat(end).as(answer).isPositive();
    String head = answer.substring(0, end);
    String type =
        head.lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-type: "))
            .map(line -> line.substring("content-type: ".length()))
            .findFirst()
            .orElse("");
    int status = Integer.parseInt(head.substring(9, 12));
    return new Answer(status, type, head, answer.substring(end + 4));
  }

  @Test
  void namesThatBreakPagesAndLogsAreStoredAndShownAsTheyAre() {
    for (String name :
        List.of(
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "'; DROP TABLE endpoints; --",
            "${jndi:ldap://x.example/a}",
            "%s%n{}",
            "\u202Egnp.exe",
            "\uFEFFname",
            "🎫🎫",
            "a\\u0000b")) {
      String settings =
          Json.object()
              .put("name", name)
              .put("url", "https://example.com/?q=%3Cscript%3E'--")
              .set("events", Json.texts(List.of("*")))
              .toString();
      Response made = tenant.post("/v1/endpoints", settings);
      assertThat(made.status()).as(name).isEqualTo(201);
      Response shown = tenant.get("/v1/endpoints/" + made.text("id"));
      assertThat(shown.text("name")).isEqualTo(name);
      assertThat(shown.text("url")).isEqualTo("https://example.com/?q=%3Cscript%3E'--");
      assertThat(shown.header("content-type")).hasValue("application/json");
      assertThat(shown.header("x-content-type-options")).hasValue("nosniff");
    }
  }

  @Test
  void aListNeverReadsMoreThanAPage() {
    for (int i = 0; i < 260; i++) {
      tenant.event("invoice.purchase");
    }
    assertThat(tenant.get("/v1/events?limit=250").body().path("data")).hasSize(250);
    assertThat(tenant.get("/v1/events").body().path("data")).hasSize(50);
    assertThat(tenant.get("/v1/events?limit=251").status()).isEqualTo(400);
  }
}
