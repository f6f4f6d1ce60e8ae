package dev.usher.demo;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An organization with a source and two endpoints at a running gateway, and traffic through it. */
public final class Demo implements AutoCloseable {
  /** The part of deliveries that the second receiver fails. */
  private static final double FLAKINESS = 0.2;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Tally tally = new Tally();
  private final CompletableFuture<First> first = new CompletableFuture<>();
  private final Sender sender;
  private final String apiKey;

  /** The first delivery that arrived, signed right. */
  public record First(String eventId, String type) {}

  private Demo(URI ingress, URI management, String adminKey)
      throws IOException, InterruptedException {
    Receiver healthy = new Receiver(vertx, 0, this::healthyReceived);
    Receiver flaky = new Receiver(vertx, FLAKINESS, this::flakyReceived);
    ManagementClient client = new ManagementClient(http, management);
    apiKey =
        client
            .create("/v1/organizations", adminKey, new JsonObject().put("name", "Harbour Lights"))
            .getString("api_key");
    healthy.trust(endpoint(client, apiKey, "Ticket scanner", healthy));
    flaky.trust(endpoint(client, apiKey, "Newsletter (fails now and then)", flaky));
    JsonObject source =
        client.create(
            "/v1/sources",
            apiKey,
            new JsonObject().put("name", "Showpass").put("scheme", "showpass"));
    sender =
        new Sender(
            http, ingress.resolve(source.getString("path")), source.getString("secret"), tally);
  }

  /**
   * Sets the scene.
   *
   * @param ingress the public door, for example {@code http://127.0.0.1:8080}
   * @param management the management API, for example {@code http://127.0.0.1:8081}
   */
  public static Demo start(URI ingress, URI management, String adminKey)
      throws IOException, InterruptedException {
    return new Demo(ingress, management, adminKey);
  }

  private static String endpoint(
      ManagementClient client, String key, String name, Receiver receiver)
      throws IOException, InterruptedException {
    String url = receiver.listen().toCompletionStage().toCompletableFuture().join();
    return client
        .create(
            "/v1/endpoints",
            key,
            new JsonObject()
                .put("name", name)
                .put("url", url)
                .put("events", new JsonArray().add("*"))
                .put(
                    "retry_schedule",
                    new JsonArray().add("1s").add("2s").add("5s").add("10s").add("30s")))
        .getString("secret");
  }

  private void healthyReceived(String id, boolean signed, boolean succeeds, String type) {
    if (signed) {
      tally.delivered(id, System.nanoTime());
      first.complete(new First(id, type));
    } else {
      tally.wrongSignature();
    }
  }

  private void flakyReceived(String id, boolean signed, boolean succeeds, String type) {
    if (!succeeds) {
      tally.failedAttempt();
    }
  }

  /** Sends one event; waits while too many are unanswered. */
  public void sendOne() throws InterruptedException {
    sender.sendOne();
  }

  /** Waits for the first delivery, at most so long. */
  public First awaitFirst(Duration longest) throws InterruptedException, TimeoutException {
    try {
      return first.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // it is never completed exceptionally
    }
  }

  /** Waits until every request is answered. */
  public void awaitAnswers() throws InterruptedException {
    sender.awaitAnswers();
  }

  /** Whether everything that was sent was accepted, and is at the healthy receiver. */
  public boolean isComplete() {
    return tally.accepted() == tally.sentEvents() && tally.isComplete();
  }

  /** One line on how it goes. */
  public String line() {
    return "sent %,d · accepted %,d · duplicates recognized %,d · delivered %,d · failed attempts, retried %,d"
        .formatted(
            tally.sentEvents(),
            tally.accepted(),
            tally.duplicates(),
            tally.delivered(),
            tally.failedAttempts());
  }

  /** The figures of the whole run, a line each. */
  public String summary() {
    return """
    sent             %,d
    accepted         %,d
    duplicates       %,d   (sent twice on purpose, answered with the first one's id)
    refused          %,d
    delivered        %,d   (to the healthy receiver, signature verified)
    failed attempts  %,d   (the other receiver fails one in five; Usher retries)
    accept to delivery  p50 %.1f ms, p99 %.1f ms\
    """
        .formatted(
            tally.sentEvents(),
            tally.accepted(),
            tally.duplicates(),
            tally.refused(),
            tally.delivered(),
            tally.failedAttempts(),
            tally.latency(0.50).toNanos() / 1e6,
            tally.latency(0.99).toNanos() / 1e6);
  }

  /** A command that sends one more event by hand. */
  public String curl() {
    return sender.curl();
  }

  /** The key of the demo's organization: it opens the API and the console. */
  public String apiKey() {
    return apiKey;
  }

  @Override
  public void close() {
    http.close();
    vertx.close();
  }
}
