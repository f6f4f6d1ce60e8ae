package dev.usher;

import dev.usher.dedupe.Deduplicator;
import dev.usher.dedupe.Deduplicator.Memory;
import dev.usher.dispatch.Lease;
import dev.usher.event.Attempt;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.ingress.IngressServer;
import dev.usher.journal.Appended;
import dev.usher.journal.BatchingJournal;
import dev.usher.journal.PostgresConnections;
import dev.usher.journal.PostgresRejectionLog;
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
    Deduplicator deduplicator,
    BatchingJournal journal,
    PostgresRejectionLog rejections,
    PostgresConnections connections,
    RedisLink redis,
    Lease lease,
    DeliveryStages delivery) {

  /** Opens the stages from the last to the first; gives the port of the public door. */
  Future<Integer> open() {
    return redis
        .open()
        .compose(_ -> lease.open(delivery.lanes()::forgetWaiting, delivery.lanes()::advance))
        .compose(
            _ -> {
              delivery.start();
              return ingress.listen();
            });
  }

  /** Reads the public door's certificate again when it changes: for all event loops. */
  Future<Void> renewCertificate() {
    return on(
        () -> {
          ingress.renewCertificate();
          return Future.succeededFuture();
        });
  }

  /** Asks Redis, on this loop's own connection, whether it answers. */
  Future<Void> pingRedis() {
    return on(redis::ping);
  }

  /** Tries an endpoint, see {@link Trials}. */
  Future<Optional<Attempt>> test(EndpointId endpoint) {
    return on(() -> delivery.trials().run(endpoint));
  }

  /** Takes an event that came in elsewhere, as the public door does: Postgres decides. */
  Future<Appended> admit(Event event) {
    Promise<Appended> fate = Promise.promise();
    context.runOnContext(
        _ -> deduplicator.find(event.keyHash(), memory -> admit(event, memory, fate)));
    return fate.future();
  }

  private void admit(Event event, Memory memory, Promise<Appended> fate) {
    switch (memory) {
      case Memory.Known(EventId first, var bodyHash) ->
          fate.complete(new Appended.Known(first, bodyHash.equals(event.bodyHash())));
      case Memory.Unknown _ ->
          journal.append(
              event,
              appended -> {
                if (appended instanceof Appended.Accepted) {
                  deduplicator.remember(event);
                }
                fate.complete(appended);
              });
    }
  }

  Future<Void> drainIngress(Duration within) {
    return on(() -> ingress.drain(within));
  }

  Future<Void> flushJournal() {
    return on(() -> journal.drain().compose(_ -> rejections.flush()));
  }

  /** Claims nothing more, starts no attempt, and waits for those under way to end and be logged. */
  Future<Void> finishDeliveries() {
    return on(delivery::finish);
  }

  Future<Void> releaseLease() {
    return on(lease::close);
  }

  Future<Void> closeClients() {
    return on(() -> Future.join(delivery.close(), redis.close(), connections.close()).mapEmpty());
  }

  /** Does something on this pipeline's own event loop. */
  private <T> Future<T> on(Supplier<Future<T>> action) {
    Promise<T> done = Promise.promise();
    context.runOnContext(_ -> action.get().onComplete(done));
    return done.future();
  }
}
