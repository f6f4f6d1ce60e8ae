package dev.usher;

import dev.usher.deliver.Lanes;
import dev.usher.deliver.Poster;
import dev.usher.deliver.Trials;
import dev.usher.dispatch.Claimer;
import dev.usher.dispatch.Lease;
import dev.usher.dispatch.OrderedClaimer;
import dev.usher.event.Attempt;
import dev.usher.event.EndpointId;
import dev.usher.ingress.IngressServer;
import dev.usher.journal.BatchingJournal;
import dev.usher.journal.PostgresConnections;
import dev.usher.store.RedisLink;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The whole data path of one event loop. Loops share nothing but the stores and the registry: each
 * has its own listener, journal, lease and lanes, so nothing here is locked or handed across
 * threads.
 */
record Pipeline(
    Context context,
    IngressServer ingress,
    BatchingJournal journal,
    RedisLink redis,
    Lease lease,
    Claimer claimer,
    OrderedClaimer orderedClaimer,
    Lanes lanes,
    Trials trials,
    Poster poster,
    PostgresConnections journalConnections,
    PostgresConnections logConnections) {

  /** Opens the stages from the last to the first; gives the port of the public door. */
  Future<Integer> open() {
    return redis
        .open()
        .compose(_ -> lease.open(lanes::forgetWaiting, lanes::advance))
        .compose(
            _ -> {
              claimer.start();
              orderedClaimer.start();
              return ingress.listen();
            });
  }

  /** Tries an endpoint, see {@link Trials}. */
  Future<Optional<Attempt>> test(EndpointId endpoint) {
    return on(() -> trials.run(endpoint));
  }

  Future<Void> drainIngress(Duration within) {
    return on(() -> ingress.drain(within));
  }

  Future<Void> flushJournal() {
    return on(journal::drain);
  }

  /** Claims nothing more, starts no attempt, and waits for those under way to end and be logged. */
  Future<Void> finishDeliveries() {
    return on(() -> claimer.stop().compose(_ -> orderedClaimer.stop()).compose(_ -> lanes.stop()));
  }

  Future<Void> releaseLease() {
    return on(lease::close);
  }

  Future<Void> closeClients() {
    return on(
        () ->
            Future.join(
                    poster.close(),
                    redis.close(),
                    journalConnections.close(),
                    logConnections.close())
                .mapEmpty());
  }

  /** Does something on this pipeline's own event loop. */
  private <T> Future<T> on(Supplier<Future<T>> action) {
    Promise<T> done = Promise.promise();
    context.runOnContext(_ -> action.get().onComplete(done));
    return done.future();
  }
}
