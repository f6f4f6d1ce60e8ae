package dev.usher.dispatch;

import dev.usher.deliver.Deliveries;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.registry.EndpointRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings in what waits in the table: due retries, what did not fit into memory, what a node left
 * that died. Looks a few times a second, and again at once while it finds much. Takes for each
 * active endpoint only what its lane has room for, so that no endpoint's backlog stands before
 * another's.
 *
 * <p>Lives on one event loop.
 */
public final class Claimer {
  private static final Logger LOG = LoggerFactory.getLogger(Claimer.class);
  private static final long INTERVAL_MILLIS = 200;

  /** Endpoints looked at in one round, those with the oldest due delivery first. */
  private static final int MOST_ENDPOINTS = 1_000;

  /** Deliveries taken for one endpoint in one round. */
  private static final int MOST_EACH = 128;

  private final Vertx vertx;
  private final DueDeliveries table;
  private final Lease lease;
  private final EndpointRegistry endpoints;
  private final Dispatcher dispatcher;
  private final Deliveries deliveries;
  private int skipped; // endpoints passed over, because a full page before them had no room
  private boolean stopped;
  private @Nullable Promise<Void> round; // the round under way

  public Claimer(
      Vertx vertx,
      DueDeliveries table,
      Lease lease,
      EndpointRegistry endpoints,
      Dispatcher dispatcher,
      Deliveries deliveries) {
    this.vertx = vertx;
    this.table = table;
    this.lease = lease;
    this.endpoints = endpoints;
    this.dispatcher = dispatcher;
    this.deliveries = deliveries;
  }

  public void start() {
    next(INTERVAL_MILLIS);
  }

  /** Claims nothing more. Completes when the round under way has ended. */
  public Future<Void> stop() {
    stopped = true;
    return round == null ? Future.succeededFuture() : round.future();
  }

  private void next(long millis) {
    if (!stopped) {
      vertx.setTimer(millis, _ -> look());
    }
  }

  private void look() {
    Integer number = lease.number();
    int freeBytes = deliveries.freeBytes();
    if (stopped || number == null || freeBytes <= 0) {
      next(INTERVAL_MILLIS);
      return;
    }
    Promise<Void> begun = Promise.promise();
    round = begun;
    table
        .waiting(MOST_ENDPOINTS, skipped)
        .compose(waiting -> claim(number, turn(waiting), freeBytes))
        .onComplete(
            found -> {
              round = null;
              begun.complete();
              next(found ? 1 : INTERVAL_MILLIS);
            },
            failure -> {
              LOG.warn("Due deliveries cannot be claimed: {}", failure.toString());
              dispatcher.leasesAreUncertain(); // some may be claimed, and we were not told
              round = null;
              begun.complete();
              next(5 * INTERVAL_MILLIS);
            });
  }

  /** Endpoints that have no room now must not stand before all others for ever. */
  private List<EndpointId> turn(List<EndpointId> waiting) {
    skipped = waiting.size() < MOST_ENDPOINTS ? 0 : skipped + MOST_ENDPOINTS;
    return waiting;
  }

  /** Whether something was claimed. */
  private Future<Boolean> claim(int number, List<EndpointId> waiting, int freeBytes) {
    List<DueDeliveries.Room> room = new ArrayList<>();
    for (EndpointId id : waiting) {
      Endpoint endpoint = endpoints.find(id);
      int free = endpoint == null || !endpoint.isActive() ? 0 : deliveries.room(endpoint);
      if (endpoint != null && free > 0) {
        room.add(
            new DueDeliveries.Room(
                endpoint, Math.min(free, MOST_EACH), deliveries.roomBytes(endpoint)));
      }
    }
    if (room.isEmpty()) {
      return Future.succeededFuture(false);
    }
    // Half of what is free: in the next round who has taken his share waits, and others come.
    return table
        .claim(number, room, Math.ceilDiv(freeBytes, 2))
        .map(
            claimed -> {
              for (Delivery delivery : claimed) {
                dispatcher.take(delivery);
              }
              return !claimed.isEmpty();
            });
  }
}
