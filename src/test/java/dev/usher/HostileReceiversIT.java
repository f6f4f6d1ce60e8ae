package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Receivers that do what they should not, each with what the operator reads in the attempt's {@code
 * error}. For names that mislead see {@code PosterIT}, for certificates {@code ConnectionsIT}.
 */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileReceiversIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Buffer CHUNK = Buffer.buffer(new byte[64 * 1024]);

  private final TestGateway gateway;
  private TestReceiver receiver;
  private TestSource source;

  HostileReceiversIT(TestStores stores) {
    this.gateway = TestGateway.start(stores);
  }

  @BeforeEach
  void prepare() {
    receiver = new TestReceiver();
    source = gateway.newSource();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  /** The first attempt at one event, to an endpoint that is tried again a day later. */
  private JsonObject attemptAt(String url) {
    gateway.newEndpoint(
        source,
        url,
        new JsonObject().put("timeout", "1s").put("retry_schedule", new JsonArray().add("24h")));
    String event = new JsonObject(source.send(TestSource.newPayload()).body()).getString("id");
    return await()
        .atMost(PATIENCE)
        .until(
            () -> {
              JsonArray attempts =
                  gateway.get("/v1/attempts?event=" + event, source.apiKey()).getJsonArray("data");
              return attempts.isEmpty() ? null : attempts.getJsonObject(0);
            },
            Objects::nonNull);
  }

  private static void assertFailed(JsonObject attempt, String outcome, String words) {
    assertThat(attempt.getString("status")).isEqualTo("failed");
    assertThat(attempt.getString("outcome")).isEqualTo(outcome);
    assertThat(attempt.getString("error")).startsWith(words);
    assertThat(attempt.getValue("http_status")).isNull();
    assertThat(attempt.getString("next_attempt_at")).isNotNull();
  }

  @Test
  void silence() {
    receiver.answers(_ -> {});
    assertFailed(attemptAt(receiver.url()), "timeout", "no complete answer within 1000 ms");
  }

  @Test
  void aReset() throws IOException {
    try (ServerSocket rude = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> reset(rude));
      assertFailed(
          attemptAt("http://127.0.0.1:" + rude.getLocalPort() + "/"),
          "connect_error",
          "the endpoint reset the connection");
    }
  }

  private static void reset(ServerSocket rude) {
    try {
      while (true) {
        try (Socket connection = rude.accept()) {
          connection.getInputStream().read(new byte[1]);
          connection.setSoLinger(true, 0); // closing sends a reset
        }
      }
    } catch (IOException e) {
      // The test is over and has closed the socket.
    }
  }

  @Test
  void aClosedConnection() {
    receiver.answers(request -> request.connection().close());
    assertFailed(
        attemptAt(receiver.url()),
        "connect_error",
        "the endpoint closed the connection before the answer was complete");
  }

  @Test
  void nobodyThere() {
    receiver.close();
    assertFailed(attemptAt(receiver.url()), "connect_error", "the endpoint refuses connections");
  }

  @Test
  void plainTextWhereTlsIsExpected() {
    assertFailed(
        attemptAt(receiver.url().replace("http:", "https:")),
        "connect_error",
        "no TLS connection to the endpoint");
  }

  @Test
  void aDrip() {
    receiver.answers(request -> drip(request.response().setChunked(true)));
    assertFailed(attemptAt(receiver.url()), "timeout", "no complete answer within 1000 ms");
  }

  private static void drip(HttpServerResponse response) {
    if (!response.closed()) {
      response.write("a");
      io.vertx.core.Vertx.currentContext().owner().setTimer(100, _ -> drip(response));
    }
  }

  /** Of an answer without end only the beginning is read, and then it is cut off. */
  @Test
  void anAnswerWithoutEnd() {
    AtomicBoolean cut = new AtomicBoolean();
    receiver.answers(
        request -> {
          request.response().setChunked(true).closeHandler(_ -> cut.set(true));
          pump(request, new AtomicLong(), Long.MAX_VALUE);
        });
    JsonObject attempt = attemptAt(receiver.url());
    assertThat(attempt.getString("status")).isEqualTo("succeeded");
    assertThat(attempt.getValue("error")).isNull();
    assertThat(attempt.getString("response_body")).hasSize(16 * 1024);
    await().atMost(PATIENCE).untilTrue(cut);
  }

  @Test
  void anAnswerOfAGibibyte() {
    AtomicLong sent = new AtomicLong();
    AtomicBoolean cut = new AtomicBoolean();
    receiver.answers(
        request -> {
          request
              .response()
              .setStatusCode(500)
              .putHeader("content-length", Long.toString(1L << 30))
              .closeHandler(_ -> cut.set(true));
          pump(request, sent, 1L << 30);
        });
    JsonObject attempt = attemptAt(receiver.url());
    assertThat(attempt.getInteger("http_status")).isEqualTo(500);
    assertThat(attempt.getString("error")).isEqualTo("the endpoint answered 500; expected 2xx");
    assertThat(attempt.getString("response_body")).hasSize(16 * 1024);
    await().atMost(PATIENCE).untilTrue(cut);
    assertThat(sent.get()).isLessThan(1L << 28);
  }

  /** Writes as fast as the other side takes it. */
  private static void pump(HttpServerRequest request, AtomicLong sent, long total) {
    HttpServerResponse response = request.response();
    while (!response.closed() && sent.get() < total && !response.writeQueueFull()) {
      response.write(CHUNK);
      sent.addAndGet(CHUNK.length());
    }
    response.drainHandler(_ -> pump(request, sent, total));
  }

  @Test
  void aRedirectToItself() {
    receiver.answers(
        request ->
            request.response().setStatusCode(307).putHeader("location", receiver.url()).end());
    JsonObject attempt = attemptAt(receiver.url());
    assertThat(attempt.getString("error"))
        .isEqualTo("the endpoint answered 307; redirects are not followed");
    assertThat(receiver.received()).hasSize(1);
  }

  @Test
  void aRetryAfterOfAYear() {
    receiver.answers(
        request ->
            request
                .response()
                .setStatusCode(503)
                .putHeader("retry-after", Long.toString(Duration.ofDays(365).toSeconds()))
                .end());
    gateway.newEndpoint(
        source, receiver.url(), new JsonObject().put("retry_schedule", new JsonArray().add("1s")));
    source.send(TestSource.newPayload());
    JsonObject attempt =
        await()
            .atMost(PATIENCE)
            .until(
                () -> {
                  JsonArray all = gateway.get("/v1/attempts", source.apiKey()).getJsonArray("data");
                  return all.isEmpty() ? null : all.getJsonObject(0);
                },
                Objects::nonNull);
    Duration wait =
        Duration.between(
            Instant.parse(attempt.getString("at")),
            Instant.parse(attempt.getString("next_attempt_at")));
    assertThat(wait).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
    assertThat(attempt.getString("error"))
        .isEqualTo(
            "the endpoint answered 503; expected 2xx; it asked to be left alone for 8760 hours,"
                + " which is kept to for one");
  }
}
