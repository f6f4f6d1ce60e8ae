package dev.usher.deliver;

import dev.usher.config.DeliveryConfig;
import dev.usher.event.Attempt;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.registry.EndpointRegistry;
import dev.usher.trace.Trace;
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

/**
 * Works on the deliveries of one event loop. Each endpoint has a lane of its own with a bounded
 * queue and a limit of exchanges at the same time; all lanes together hold a bounded number of
 * bytes, of which each has its share ({@link Room}).
 *
 * <p>Lives on one event loop and is not thread-safe.
 */
public final class Lanes implements Deliveries {
  private final DeliveryConfig config;
  private final int loops;
  private final EndpointRegistry endpoints;
  private final Poster poster;
  private final Attempts attempts;
  private final AttemptLog log;
  private final Permit permit;
  private final Circuits circuits;
  private final Paces paces;
  private final Room room;

  private final Map<EndpointId, Lane> lanes = new HashMap<>();
  private final Set<EndpointId> full = new LinkedHashSet<>();
  private int working;
  private boolean heldUp; // something waits for the lease or for the log, and not for its endpoint
  private @Nullable Promise<Void> stopped; // set once no new attempt may start

  /**
   * @param loops event loops of this node, which share an endpoint's concurrency
   * @param circuits shared by the loops of this node
   */
  public Lanes(
      DeliveryConfig config,
      int loops,
      EndpointRegistry endpoints,
      Poster poster,
      Attempts attempts,
      AttemptLog log,
      Permit permit,
      Circuits circuits,
      Paces paces) {
    this.config = config;
    this.loops = loops;
    this.endpoints = endpoints;
    this.poster = poster;
    this.attempts = attempts;
    this.log = log;
    this.permit = permit;
    this.circuits = circuits;
    this.paces = paces;
    this.room = new Room(config, circuits);
  }

  @Override
  public boolean offer(Delivery delivery) {
    Endpoint endpoint = endpoints.find(delivery.endpoint());
    if (stopped != null || endpoint == null || !endpoint.isActive()) {
      return false;
    }
    if (!circuits.allows(endpoint)) {
      attempts.circuitOpen(delivery);
      return false;
    }
    if (room(endpoint) <= 0) {
      full.add(endpoint.id());
      return false;
    }
    Lane lane = lanes.computeIfAbsent(endpoint.id(), Lane::new);
    lane.waiting().add(delivery);
    room.takes(lane, delivery);
    if (room(endpoint) <= 0) {
      full.add(endpoint.id());
    }
    advance(lane);
    return true;
  }

  @Override
  public List<EndpointId> full() {
    full.removeIf(this::hasRoom); // what others hold decides too: so it is asked for, not kept
    List<EndpointId> open = circuits.open();
    return open.isEmpty()
        ? List.copyOf(full)
        : Stream.concat(full.stream(), open.stream()).distinct().toList();
  }

  private boolean hasRoom(EndpointId id) {
    Endpoint endpoint = endpoints.find(id);
    return endpoint == null || room(endpoint) > 0;
  }

  @Override
  public int room(Endpoint endpoint) {
    return room.deliveries(endpoint, lanes.get(endpoint.id()));
  }

  @Override
  public int roomBytes(Endpoint endpoint) {
    return room.bytes(endpoint, lanes.get(endpoint.id()));
  }

  @Override
  public int freeBytes() {
    return stopped != null ? 0 : room.freeBytes();
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
      if (!permit.holds(lane.waiting().element()) || log.isFull()) {
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
        lane.waiting().forEach(attempts::circuitOpen);
        giveBack(lane);
        break;
      }
      if (pace != null) {
        pace.begins();
      }
      attempt(lane, endpoint, lane.waiting().remove());
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
    if (endpoint.ordered()) {
      return 1; // also where the lease was lost while an exchange is under way: it is ours again
    }
    int limit = endpoint.concurrency() != null ? endpoint.concurrency() : config.concurrency();
    return Math.ceilDiv(limit, loops);
  }

  private void giveBack(Lane lane) {
    for (Delivery delivery = lane.waiting().poll();
        delivery != null;
        delivery = lane.waiting().poll()) {
      room.leaves(lane, delivery);
      permit.release(delivery);
    }
  }

  private void attempt(Lane lane, Endpoint endpoint, Delivery delivery) {
    lane.exchangeBegins(delivery);
    working++;
    long started = System.nanoTime();
    Instant startedAt = poster.now();
    Trace trace = attempts.begin(delivery);
    poster
        .post(lane, endpoint, delivery, trace, () -> permit.holds(delivery))
        .onSuccess(
            answer -> {
              lane.exchangeEnds();
              Duration took = Duration.ofNanos(System.nanoTime() - started);
              Attempt attempt = attempts.end(endpoint, delivery, answer, startedAt, took, trace);
              circuits.ended(endpoint, delivery.event(), answer);
              log.log(attempt).onSuccess(_ -> done(lane, delivery));
              advance(lane);
            });
  }

  private void done(Lane lane, Delivery delivery) {
    lane.working().remove(delivery);
    room.leaves(lane, delivery);
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
      lane.waiting().forEach(delivery -> room.leaves(lane, delivery));
      lane.waiting().clear();
      advance(lane);
    }
  }

  private void completeWhenStopped() {
    if (stopped != null && working == 0) {
      stopped.tryComplete();
    }
  }
}
