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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings in the deliveries of ordered endpoints, each when it is its turn: when it was just
 * committed, when the one before it was settled, and otherwise by a look at the table a few times a
 * second. Does nothing while there is no ordered endpoint.
 *
 * <p>Lives on one event loop.
 */
public final class OrderedClaimer {
  private static final Logger LOG = LoggerFactory.getLogger(OrderedClaimer.class);
  private static final long INTERVAL_MILLIS = 200;
  private static final long GATHER_MILLIS = 5;

  /** Endpoints of one round; those that are left come in the next. */
  private static final int MOST_ENDPOINTS = 500;

  private final Vertx vertx;
  private final OrderedDeliveries table;
  private final Lease lease;
  private final EndpointRegistry registry;
  private final Dispatcher dispatcher;
  private final Deliveries deliveries;
  private final Turns turns;
  private final Set<EndpointId> told = new LinkedHashSet<>();
  private int skipped; // endpoints passed over, because a full page before them had no room
  private boolean lookWanted;
  private boolean gathering;
  private boolean stopped;
  private long timer;
  private @Nullable Promise<Void> round; // the round under way

  public OrderedClaimer(
      Vertx vertx,
      OrderedDeliveries table,
      Lease lease,
      EndpointRegistry registry,
      Dispatcher dispatcher,
      Deliveries deliveries,
      Turns turns) {
    this.vertx = vertx;
    this.table = table;
    this.lease = lease;
    this.registry = registry;
    this.dispatcher = dispatcher;
    this.deliveries = deliveries;
    this.turns = turns;
  }

  public void start() {
    turns.tell(this::gather, this::turnOf);
    timer =
        vertx.setPeriodic(
            INTERVAL_MILLIS,
            _ -> {
              lookWanted = turns.isNeeded();
              next();
            });
  }

  /** Claims nothing more. Completes when the round under way has ended. */
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return round == null ? Future.succeededFuture() : round.future();
  }

  /** While one is under way all that comes is in vain: so commits are told of together. */
  private void gather(EndpointId endpoint) {
    told.add(endpoint);
    if (!gathering) {
      gathering = true;
      vertx.setTimer(
          GATHER_MILLIS,
          _ -> {
            gathering = false;
            next();
          });
    }
  }

  private void turnOf(EndpointId endpoint) {
    told.add(endpoint);
    next();
  }

  private void next() {
    Integer number = lease.number();
    boolean work = lookWanted || !told.isEmpty();
    if (stopped || round != null || !work || number == null || deliveries.freeBytes() <= 0) {
      return; // the next tick looks again
    }
    Promise<Void> begun = Promise.promise();
    round = begun;
    endpoints()
        .compose(some -> claim(number, some))
        .onComplete(
            done -> {
              if (done.failed()) {
                LOG.warn("Ordered deliveries are claimed later: {}", done.cause().toString());
                dispatcher.leasesAreUncertain(); // some may be claimed, and we were not told
              }
              round = null;
              begun.complete();
              if (done.succeeded()) {
                next();
              }
            });
  }

  /** Those that we were told of come first; the table knows the others. */
  private Future<List<EndpointId>> endpoints() {
    if (!told.isEmpty()) {
      List<EndpointId> some = told.stream().limit(MOST_ENDPOINTS).toList();
      some.forEach(told::remove);
      return Future.succeededFuture(some);
    }
    lookWanted = false;
    return table
        .waiting(MOST_ENDPOINTS, skipped)
        .onSuccess(found -> skipped = found.size() < MOST_ENDPOINTS ? 0 : skipped + MOST_ENDPOINTS);
  }

  private Future<Void> claim(int number, List<EndpointId> ids) {
    List<Endpoint> ready = new ArrayList<>();
    for (EndpointId id : ids) {
      Endpoint endpoint = registry.find(id);
      if (endpoint != null && endpoint.isActive() && deliveries.room(endpoint) > 0) {
        ready.add(endpoint);
      }
    }
    if (ready.isEmpty()) {
      return Future.succeededFuture();
    }
    return table
        .claim(number, ready)
        .map(
            claimed -> {
              for (Delivery delivery : claimed) {
                dispatcher.take(delivery);
              }
              return null;
            });
  }
}
