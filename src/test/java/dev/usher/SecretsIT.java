package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.usher.crypto.ShowpassSigner;
import dev.usher.crypto.StandardWebhooksSigner;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestReceiver.Received;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** Secrets are seen where they were asked for, and a rotation leaves nobody out. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsIT {
  private static final Duration WAIT = Duration.ofSeconds(20);

  private final TestGateway gateway;

  SecretsIT(TestStores stores) {
    this.gateway = TestGateway.start(stores);
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  private JsonObject call(String method, String path, TestSource tenant, JsonObject body) {
    HttpResponse<String> answer = gateway.call(method, path, tenant.apiKey(), body);
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return new JsonObject(answer.body());
  }

  private static TestSource with(TestSource source, String secret) {
    return new TestSource(
        source.gateway(), source.organization(), source.apiKey(), source.path(), secret);
  }

  private static int send(TestSource source) {
    return source.send(TestSource.newPayload()).statusCode();
  }

  @Test
  void bothKeysOfASourceVerifyDuringTheOverlapAndOneAfterIt() {
    TestSource old = gateway.newSource();
    String rotate = "/v1/sources/" + old.path().substring("/in/".length()) + "/secret/rotate";
    TestSource renewed =
        with(
            old,
            call("POST", rotate, old, new JsonObject().put("overlap", "1h")).getString("secret"));
    assertThat(send(old)).isEqualTo(202);
    assertThat(send(renewed)).isEqualTo(202);

    TestSource last =
        with(
            old,
            call("POST", rotate, old, new JsonObject().put("overlap", "0s")).getString("secret"));
    assertThat(send(old)).isEqualTo(401);
    assertThat(send(renewed)).isEqualTo(401);
    assertThat(send(last)).isEqualTo(202);

    TestSource next =
        with(
            old,
            call("POST", rotate, old, new JsonObject().put("overlap", "1s")).getString("secret"));
    assertThat(send(next)).isEqualTo(202);
    await().atMost(WAIT).until(() -> send(last) == 401); // without anybody's doing
  }

  @Test
  void bothKeysOfAnEndpointSignDuringTheOverlapAndOneAfterIt() {
    TestSource source = gateway.newSource();
    try (TestReceiver receiver = new TestReceiver()) {
      JsonObject endpoint = gateway.newEndpoint(source, receiver.url());
      String old = endpoint.getString("secret");
      String rotate = "/v1/endpoints/" + endpoint.getString("id") + "/secret/rotate";
      String renewed =
          call("POST", rotate, source, new JsonObject().put("overlap", "1h")).getString("secret");
      JsonObject payload = TestSource.newPayload();
      source.send(payload);
      Received both = receiver.awaitReceived(1).getFirst();
      assertThat(signatures(both))
          .containsExactlyInAnyOrder(signed(both, renewed), signed(both, old));
      assertThat(both.headers().get("X-SHOWPASS-SIGNATURE"))
          .isEqualTo(new ShowpassSigner(renewed).sign(payload.getString("id")));

      String last =
          call("POST", rotate, source, new JsonObject().put("overlap", "0s")).getString("secret");
      source.send(TestSource.newPayload());
      Received one = receiver.awaitReceived(2).get(1);
      assertThat(signatures(one)).containsExactly(signed(one, last));
    }
  }

  private static List<String> signatures(Received received) {
    return List.of(received.headers().get("webhook-signature").split(" ", -1));
  }

  private static String signed(Received received, String secret) {
    return Objects.requireNonNull(StandardWebhooksSigner.of(secret))
        .sign(
            received.webhookId(),
            Long.parseLong(received.headers().get("webhook-timestamp")),
            received.body().getBytes());
  }

  @Test
  void aSecretIsNowhereButInTheAnswersThatWereAskedForIt() {
    Logger root = (Logger) LoggerFactory.getLogger("dev.usher");
    Level before = root.getLevel();
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    root.setLevel(Level.TRACE);
    root.addAppender(log);
    try (TestReceiver receiver = new TestReceiver()) {
      TestSource source = gateway.newSource();
      List<String> secrets = new ArrayList<>(List.of(source.secret(), source.apiKey()));
      StringBuilder shown = new StringBuilder();
      use(source, receiver, secrets, shown);

      for (String list :
          List.of(
              "sources",
              "endpoints",
              "keys",
              "events",
              "attempts",
              "rejections",
              "audit",
              "event-types",
              "recoveries",
              "dead-letters")) {
        shown.append(gateway.get("/v1/" + list + "?limit=250", source.apiKey()).encode());
      }
      shown.append(
          TestGateway.send(HttpRequest.newBuilder(gateway.management("/metrics")).build()).body());
      receiver.received().forEach(one -> shown.append(one.headers()).append(one.body()));
      List.copyOf(log.list)
          .forEach(
              event -> shown.append(event.getFormattedMessage()).append(event.getThrowableProxy()));
      assertThat(shown.toString()).contains("endpoint.disabled", "unauthenticated");
      for (String secret : secrets) {
        assertThat(shown.toString()).doesNotContain(secret);
      }
    } finally {
      root.detachAppender(log);
      root.setLevel(before);
    }
  }

  /** Does what can go well and badly around secrets; gathers them, and what must not show them. */
  private void use(
      TestSource source, TestReceiver receiver, List<String> secrets, StringBuilder shown) {
    String id = source.path().substring("/in/".length());
    JsonObject headers =
        new JsonObject().put("headers", new JsonObject().put("Authorization", "Bearer hunter2-x"));
    JsonObject endpoint = gateway.newEndpoint(source, receiver.url() + "/gone", new JsonObject());
    secrets.add(endpoint.getString("secret"));
    String path = "/v1/endpoints/" + endpoint.getString("id");
    secrets.add(call("GET", path + "/secret", source, new JsonObject()).getString("secret"));
    secrets.add(
        call("POST", path + "/secret/rotate", source, new JsonObject()).getString("secret"));
    secrets.add(
        call("POST", "/v1/keys", source, new JsonObject().put("name", "k")).getString("api_key"));
    String given = "given-by-the-sender-7";
    secrets.add(given);
    call(
        "POST",
        "/v1/sources/" + id + "/secret/rotate",
        source,
        new JsonObject().put("secret", given));
    String wrong = "not\nallowed-secret-8";
    secrets.add("allowed-secret-8");
    JsonObject refused = new JsonObject().put("secret", wrong).put("overlap", "never");
    shown.append(
        gateway
            .call("POST", "/v1/sources/" + id + "/secret/rotate", source.apiKey(), refused)
            .body());
    shown.append(gateway.call("PATCH", path, source.apiKey(), headers).body());
    TestGateway.send(source.signed("forged", TestSource.newPayload().encode()).build());
    receiver.answers(410);
    source.send(TestSource.newPayload());
    await()
        .atMost(WAIT)
        .until(
            () ->
                gateway.get(path, source.apiKey()).getString("status").equals("disabled")
                    && !gateway
                        .get("/v1/rejections", source.apiKey())
                        .getJsonArray("data")
                        .isEmpty());
  }
}
