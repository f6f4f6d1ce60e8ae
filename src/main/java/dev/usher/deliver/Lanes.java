package dev.usher.deliver;

import dev.usher.config.DeliveryConfig;
import dev.usher.event.Attempt;
import dev.usher.event.AttemptId;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.UuidV7;
import dev.usher.registry.EndpointRegistry;
import dev.usher.trace.Trace;
import dev.usher.trace.TraceParent;
import dev.usher.trace.Traces;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Works on the deliveries of one event loop. Each endpoint has a lane of its own with a bounded
 * queue and a limit of exchanges at the same time; all lanes together hold a bounded number of
 * bytes.
 *
 * <p>Lives on one event loop and is not thread-safe.
 */
public final class Lanes implements Deliveries {
  private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);

  /**
   * Of an endpoint with a rate, what can be delivered this soon: more would only fill the memory.
   */
  private static final int QUEUED_SECONDS = 2;

  private static final int LEAST_QUEUED = 8;

  private final DeliveryConfig config;
  private final int loops;
  private final EndpointRegistry endpoints;
  private final Poster poster;
  private final RetryPolicy retries;
  private final AttemptLog log;
  private final Permit permit;
  private final Circuits circuits;
  private final Paces paces;
  private final DeliveryMetrics metrics;
  private final Traces traces;
  private final UuidV7 attemptIds;

  private final Map<EndpointId, Lane> lanes = new HashMap<>();
  private final Set<EndpointId> full = new LinkedHashSet<>();
  private int heldBytes;
  private int working;
  private boolean heldUp; // something waits for the lease or for the log, and not for its endpoint
  private @Nullable Promise<Void> stopped; // set once no new attempt may start

  /**
   * @param loops event loops of this node, which share an endpoint's concurrency
   * @param circuits shared by the loops of this node
   * @param attemptIds makes the ids of attempts
   */
  public Lanes(
      DeliveryConfig config,
      int loops,
      EndpointRegistry endpoints,
      Poster poster,
      RetryPolicy retries,
      AttemptLog log,
      Permit permit,
      Circuits circuits,
      Paces paces,
      DeliveryMetrics metrics,
      Traces traces,
      UuidV7 attemptIds) {
    this.config = config;
    this.loops = loops;
    this.endpoints = endpoints;
    this.poster = poster;
    this.retries = retries;
    this.log = log;
    this.permit = permit;
    this.circuits = circuits;
    this.paces = paces;
    this.metrics = metrics;
    this.traces = traces;
    this.attemptIds = attemptIds;
  }

  @Override
  public boolean offer(Delivery delivery) {
    Endpoint endpoint = endpoints.find(delivery.endpoint());
    if (stopped != null || endpoint == null || !endpoint.isActive()) {
      return false;
    }
    if (!circuits.allows(endpoint)) {
      metrics.circuitOpen(endpoint.id());
      return false;
    }
    if (room(endpoint) <= 0) {
      return false;
    }
    Lane lane = lanes.computeIfAbsent(endpoint.id(), Lane::new);
    lane.waiting().add(delivery);
    heldBytes += delivery.event().weight();
    if (room(endpoint) <= 0) {
      full.add(endpoint.id());
    }
    advance(lane);
    return true;
  }

  @Override
  public List<EndpointId> full() {
    List<EndpointId> open = circuits.open();
    return open.isEmpty()
        ? List.copyOf(full)
        : Stream.concat(full.stream(), open.stream()).distinct().toList();
  }

  @Override
  public int room(Endpoint endpoint) {
    Lane lane = lanes.get(endpoint.id());
    return capacity(endpoint) - (lane == null ? 0 : lane.waiting().size());
  }

  private int capacity(Endpoint endpoint) {
    if (circuits.isOpen(endpoint)) {
      return circuits.allows(endpoint) ? 1 : 0; // the one that is tried
    }
    Integer rate = endpoint.rateLimit();
    return rate == null
        ? config.queuedPerEndpoint()
        : Math.min(config.queuedPerEndpoint(), Math.max(LEAST_QUEUED, QUEUED_SECONDS * rate));
  }

  @Override
  public int freeBytes() {
    return stopped != null ? 0 : config.heldBytes() - heldBytes;
  }

  @Override
  public Set<Key> held() {
    Set<Key> held = new HashSet<>();
    for (Lane lane : lanes.values()) {
      Stream.concat(lane.waiting().stream(), lane.working().stream())
          .forEach(delivery -> held.add(new Key(delivery.event().id(), delivery.endpoint())));
    }
    return held;
  }

  /** Starts what may start; called when attempts may go on after something held them up. */
  public void advance() {
    heldUp = false;
    List.copyOf(lanes.values()).forEach(this::advance);
  }

  private void advance(Lane lane) {
    if (lane.begins()) {
      return; // an attempt that ended at once: the loop below us goes on with the next
    }
    lane.begins(true);
    startWhatMay(lane);
    lane.begins(false);
    if (lane.isIdle()) {
      lanes.remove(lane.endpoint(), lane);
    }
  }

  private void startWhatMay(Lane lane) {
    while (!lane.waiting().isEmpty() && stopped == null) {
      if (!permit.isHeld() || log.isFull()) {
        heldUp = true;
        break;
      }
      Endpoint endpoint = endpoints.find(lane.endpoint());
      if (endpoint == null || !endpoint.isActive()) {
        giveBack(lane);
        break;
      }
      if (lane.exchanges() >= concurrency(endpoint)) {
        break;
      }
      Pace pace = pace(lane, endpoint);
      if (pace != null
          && !pace.allows(Objects.requireNonNull(endpoint.rateLimit()), lane.waiting().size())) {
        break;
      }
      if (!circuits.enter(endpoint)) {
        lane.waiting().forEach(delivery -> metrics.circuitOpen(delivery.endpoint()));
        giveBack(lane);
        break;
      }
      if (pace != null) {
        pace.begins();
      }
      Delivery delivery = lane.waiting().remove();
      full.remove(lane.endpoint());
      attempt(lane, endpoint, delivery);
    }
  }

  private @Nullable Pace pace(Lane lane, Endpoint endpoint) {
    if (endpoint.rateLimit() == null) {
      return null;
    }
    Pace known = lane.pace();
    if (known == null) {
      known = paces.of(lane.endpoint(), () -> advance(lane));
      lane.pace(known);
    }
    return known;
  }

  private int concurrency(Endpoint endpoint) {
    int limit = endpoint.concurrency() != null ? endpoint.concurrency() : config.concurrency();
    return Math.ceilDiv(limit, loops);
  }

  private void giveBack(Lane lane) {
    for (Delivery delivery = lane.waiting().poll();
        delivery != null;
        delivery = lane.waiting().poll()) {
      heldBytes -= delivery.event().weight();
      permit.release(delivery);
    }
    full.remove(lane.endpoint());
  }

  private void attempt(Lane lane, Endpoint endpoint, Delivery delivery) {
    lane.exchangeBegins(delivery);
    working++;
    long started = System.nanoTime();
    Instant startedAt = poster.now();
    Trace trace = traces.attempting(delivery);
    poster
        .post(lane, endpoint, delivery, trace)
        .onSuccess(
            answer -> {
              lane.exchangeEnds();
              Duration took = Duration.ofNanos(System.nanoTime() - started);
              Attempt attempt = attemptOf(endpoint, delivery, answer, startedAt, took);
              count(attempt, trace);
              circuits.ended(endpoint, delivery.event(), answer);
              log.log(attempt).onSuccess(_ -> done(lane, delivery));
              advance(lane);
            });
  }

  private Attempt attemptOf(
      Endpoint endpoint, Delivery delivery, Answer answer, Instant startedAt, Duration took) {
    int number = delivery.attempts() + 1;
    boolean succeeded = answer.outcome() == Attempt.Outcome.SUCCEEDED;
    return new Attempt(
        new AttemptId(attemptIds.next()),
        delivery,
        number,
        answer.outcome(),
        answer.status(),
        answer.error(),
        answer.body(),
        startedAt,
        took,
        succeeded ? null : retries.next(endpoint, number, answer.retryAfter()));
  }

  private void count(Attempt attempt, @Nullable Trace trace) {
    if (trace == null) {
      count(attempt);
    } else {
      trace.during(() -> count(attempt));
      trace.attempted(attempt.outcome().toString(), attempt.httpStatus(), attempt.succeeded());
    }
    if (!attempt.succeeded()) {
      tell(attempt);
    }
  }

  /** What went wrong stands in the log of attempts; here is where to look for it. */
  private static void tell(Attempt attempt) {
    Delivery delivery = attempt.delivery();
    LOG.atLevel(attempt.isGivenUp() ? Level.INFO : Level.DEBUG)
        .addKeyValue("event", () -> delivery.event().id())
        .addKeyValue("endpoint", () -> delivery.endpoint())
        .addKeyValue("attempt", () -> attempt.number())
        .addKeyValue("outcome", attempt.outcome())
        .addKeyValue("trace", () -> TraceParent.of(delivery.event()).traceId())
        .log(attempt.isGivenUp() ? "A delivery is given up" : "An attempt failed");
  }

  private void count(Attempt attempt) {
    Delivery delivery = attempt.delivery();
    metrics.attempted(
        delivery.endpoint(), attempt.outcome(), attempt.httpStatus(), attempt.duration().toNanos());
    metrics.judge(attempt);
    if (attempt.succeeded()) {
      metrics.delivered(
          attempt.startedAt().toEpochMilli()
              + attempt.duration().toMillis()
              - UuidV7.epochMillis(delivery.event().id().value()));
    } else if (attempt.retryIn() == null) {
      metrics.exhausted();
    }
  }

  private void done(Lane lane, Delivery delivery) {
    lane.working().remove(delivery);
    heldBytes -= delivery.event().weight();
    working--;
    if (heldUp) {
      advance();
    } else {
      advance(lane);
    }
    completeWhenStopped();
  }

  /**
   * Starts no more attempts. What waits stays leased until the lease is given up.
   *
   * @return completed when the attempts under way have ended and are logged
   */
  public Future<Void> stop() {
    if (stopped == null) {
      stopped = Promise.promise();
      completeWhenStopped();
    }
    return stopped.future();
  }

  /** Forgets what waits: its lease was lost, and others work on it. */
  public void forgetWaiting() {
    for (Lane lane : List.copyOf(lanes.values())) {
      lane.waiting().forEach(delivery -> heldBytes -= delivery.event().weight());
      lane.waiting().clear();
      full.remove(lane.endpoint());
      advance(lane);
    }
  }

  private void completeWhenStopped() {
    if (stopped != null && working == 0) {
      stopped.tryComplete();
    }
  }
}
