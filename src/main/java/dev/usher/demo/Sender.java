package dev.usher.demo;

import dev.usher.crypto.ShowpassSigner;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** A ticket seller: signs events as Showpass does and sends them; some it sends twice. */
final class Sender {
  /** Requests at the same time. */
  private static final int MOST_UNDER_WAY = 32;

  /** Every so many events one is sent again, as senders do that missed an answer. */
  private static final int REPEAT_EVERY = 20;

  private final HttpClient http;
  private final URI source;
  private final ShowpassSigner signer;
  private final Tally tally;
  private final SampleEvents events = new SampleEvents();
  private final Semaphore underWay = new Semaphore(MOST_UNDER_WAY);

  Sender(HttpClient http, URI source, String secret, Tally tally) {
    this.http = http;
    this.source = source;
    this.signer = new ShowpassSigner(secret);
    this.tally = tally;
  }

  /** Sends one new event, and now and then again; waits while too many are under way. */
  void sendOne() throws InterruptedException {
    SampleEvents.Sample event = events.next();
    tally.sent();
    CompletableFuture<Void> first = send(event);
    if (tally.sentEvents() % REPEAT_EVERY == 0) {
      first.join();
      send(event);
    }
  }

  /** Waits until everything that was sent is answered. */
  void awaitAnswers() throws InterruptedException {
    underWay.acquire(MOST_UNDER_WAY);
    underWay.release(MOST_UNDER_WAY);
  }

  private CompletableFuture<Void> send(SampleEvents.Sample event) throws InterruptedException {
    underWay.acquire();
    HttpRequest request =
        HttpRequest.newBuilder(source)
            .header("content-type", "application/json")
            .header("X-SHOWPASS-SIGNATURE", signer.sign(event.id()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(event.body()))
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .handle(
            (answer, failure) -> {
              underWay.release();
              if (failure != null) {
                tally.answered(0, "", System.nanoTime());
              } else {
                String id = new JsonObject(answer.body()).getString("id", "");
                tally.answered(answer.statusCode(), id, System.nanoTime());
              }
              return null;
            });
  }

  /** A command that sends one more event by hand. */
  String curl() {
    String id = "try-" + Long.toString(System.nanoTime(), 36);
    JsonObject body =
        new JsonObject()
            .put("id", id)
            .put("event_type", "invoice.purchase")
            .put("webhook_event_uuid", id)
            .put("data", new JsonObject().put("transaction_id", id));
    return "curl -i "
        + source
        + " -H 'content-type: application/json' -H 'X-SHOWPASS-SIGNATURE: "
        + signer.sign(id)
        + "' -d '"
        + body.encode()
        + "'";
  }
}
