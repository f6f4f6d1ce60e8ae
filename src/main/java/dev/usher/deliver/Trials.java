package dev.usher.deliver;

import dev.usher.config.DeliveryConfig;
import dev.usher.event.Attempt;
import dev.usher.event.AttemptId;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import dev.usher.event.UuidV7;
import dev.usher.registry.EndpointRegistry;
import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Tries an endpoint when a person asks: one attempt to deliver a sample, past lanes, circuit, rate
 * and status, and no second one. A success closes the endpoint's circuit; a failure counts for
 * nothing.
 *
 * <p>Lives on one event loop.
 */
public final class Trials {
  private static final String TYPE = "webhook.test";
  private static final String SAMPLE =
      Sql.read(Trials.class, "/dev/usher/samples/webhook.test.json");

  /** A person waits: less than the management API gives a call. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** At the same time on this event loop. */
  private static final int MOST_UNDER_WAY = 16;

  private static final Hash128 NO_HASH = new Hash128(0, 0);

  private final EndpointRegistry endpoints;
  private final Poster poster;
  private final Circuits circuits;
  private final TrialLog log;
  private final UuidV7 ids;
  private final Duration timeout;
  private int underWay;

  /**
   * @param ids makes the ids of events and attempts
   */
  public Trials(
      DeliveryConfig config,
      EndpointRegistry endpoints,
      Poster poster,
      Circuits circuits,
      TrialLog log,
      UuidV7 ids) {
    this.timeout = config.timeout();
    this.endpoints = endpoints;
    this.poster = poster;
    this.circuits = circuits;
    this.log = log;
    this.ids = ids;
  }

  /**
   * Makes one attempt.
   *
   * @return the attempt, which is logged; empty where too many are under way or the endpoint is
   *     unknown here; failed where it could not be logged
   */
  public Future<Optional<Attempt>> run(EndpointId id) {
    Endpoint endpoint = endpoints.find(id);
    if (endpoint == null || underWay >= MOST_UNDER_WAY) {
      return Future.succeededFuture(Optional.empty());
    }
    underWay++;
    Duration own = endpoint.timeout() != null ? endpoint.timeout() : timeout;
    Endpoint tried = endpoint.withTimeout(own.compareTo(LONGEST) < 0 ? own : LONGEST);
    Delivery delivery = new Delivery(sample(endpoint), id, 0, 0);
    Instant startedAt = poster.now();
    long started = System.nanoTime();
    return poster
        .post(new Lane(id), tried, delivery, null, () -> true)
        .onComplete(_ -> underWay--)
        .compose(
            answer -> {
              if (answer.outcome() == Attempt.Outcome.SUCCEEDED) {
                circuits.succeeded(endpoint);
              }
              Attempt attempt =
                  new Attempt(
                      new AttemptId(ids.next()),
                      delivery,
                      1,
                      answer.outcome(),
                      answer.status(),
                      answer.error(),
                      answer.body(),
                      startedAt,
                      Duration.ofNanos(System.nanoTime() - started),
                      null);
              return log.log(attempt).map(Optional.of(attempt));
            });
  }

  /** The sample with ids of its own. */
  private Event sample(Endpoint endpoint) {
    EventId id = new EventId(ids.next());
    String key = id.value().toString();
    String transaction = UUID.randomUUID().toString();
    JsonObject payload =
        new JsonObject(SAMPLE).put("id", transaction).put("webhook_event_uuid", key);
    payload.getJsonObject("data").put("transaction_id", transaction);
    return new Event(
        id,
        endpoint.organization(),
        null,
        key,
        NO_HASH,
        NO_HASH,
        TYPE,
        transaction,
        "application/json",
        "",
        payload.encode().getBytes(StandardCharsets.UTF_8));
  }
}
