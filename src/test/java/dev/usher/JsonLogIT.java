package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.ChildJvm;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Signals;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code USHER_LOG_FORMAT=json}, as whatever collects logs reads it. */
@ExtendWith(EmbeddedStoresExtension.class)
class JsonLogIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern EVENTS = Pattern.compile("events +(http://\\S+)/in/");
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  /** Those of the launcher without which the JVM warns. */
  private static final String OPTIONS =
      "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow";

  private final TestStores stores;

  JsonLogIT(TestStores stores) {
    this.stores = stores;
  }

  /** All that it printed, but for how the JVM tells of {@link #OPTIONS}. */
  private static List<String> printed(ChildJvm process) {
    return process.lines().stream()
        .filter(line -> !line.startsWith("NOTE: Picked up JDK_JAVA_OPTIONS"))
        .toList();
  }

  private static ChildJvm start(TestStores stores, String command) {
    Map<String, String> environment = TestGateway.environment(stores);
    environment.put("USHER_LOG_FORMAT", "json");
    environment.put("JDK_JAVA_OPTIONS", OPTIONS);
    return ChildJvm.start(environment, Main.class, command);
  }

  private static List<String> messages(ChildJvm process) {
    return printed(process).stream()
        .map(JsonObject::new)
        .map(entry -> entry.getString("formattedMessage"))
        .toList();
  }

  private static URI door(ChildJvm serve) {
    await()
        .atMost(PATIENCE)
        .until(() -> messages(serve).stream().anyMatch(line -> line.endsWith("/metrics")));
    Matcher address = EVENTS.matcher(String.join("\n", messages(serve)));
    assertThat(address.find()).isTrue();
    return URI.create(address.group(1));
  }

  /** An event whose only delivery fails for good. */
  private static String send(TestSource source, URI door) {
    JsonObject payload = TestSource.newPayload();
    HttpRequest request =
        source
            .signed(door.resolve(source.path()), payload.getString("id"), payload.encode())
            .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
            .build();
    HttpResponse<String> answer = TestGateway.send(request);
    assertThat(answer.statusCode()).isEqualTo(202);
    return new JsonObject(answer.body()).getString("id");
  }

  @Test
  void everyLineIsJsonAndThoseOfAnEventNameItAndItsTrace() {
    try (TestReceiver receiver = new TestReceiver()) {
      receiver.answers(500);
      TestSource source;
      try (TestGateway gateway = TestGateway.start(stores)) {
        source = gateway.newSource();
        gateway.newEndpoint(
            source,
            receiver.url(),
            new JsonObject().put("retry_schedule", new JsonArray().add("1s")));
      }
      try (ChildJvm serve = start(stores, "serve")) {
        String id = send(source, door(serve));
        await()
            .atMost(PATIENCE)
            .until(() -> printed(serve).stream().anyMatch(line -> line.contains("given up")));
        Signals.send("TERM", serve.pid());
        assertThat(serve.awaitExit()).isZero();

        List<JsonObject> entries = printed(serve).stream().map(JsonObject::new).toList();
        assertThat(entries)
            .allSatisfy(
                entry -> {
                  assertThat(entry.getLong("timestamp")).isPositive();
                  assertThat(entry.getString("level")).isNotBlank();
                  assertThat(entry.getString("loggerName")).isNotBlank();
                  assertThat(entry.getString("formattedMessage")).isNotBlank();
                });
        JsonObject givenUp =
            entries.stream()
                .filter(entry -> entry.getString("formattedMessage").contains("given up"))
                .findFirst()
                .orElseThrow();
        assertThat(givenUp.getJsonArray("kvpList"))
            .contains(new JsonObject().put("event", id), new JsonObject().put("trace", TRACE));
        assertThat(entries)
            .extracting(entry -> entry.getString("formattedMessage"))
            .contains("Stopped");
      }
    }
  }

  @Test
  void aMigrationBeforeARollOutSaysSoInTheSameWay() {
    try (ChildJvm migrate = start(stores, "migrate")) {
      assertThat(migrate.awaitExit()).isZero();
      assertThat(printed(migrate))
          .isNotEmpty()
          .allSatisfy(line -> assertThat(new JsonObject(line).getString("level")).isNotBlank());
    }
  }
}
