package dev.usher;

import dev.usher.deliver.Lanes;
import dev.usher.deliver.Poster;
import dev.usher.deliver.Trials;
import dev.usher.dispatch.Claimer;
import dev.usher.dispatch.Dispatcher;
import dev.usher.dispatch.OrderedClaimer;
import dev.usher.dispatch.Turns;
import dev.usher.journal.PostgresConnections;
import io.vertx.core.Future;

/** One event loop's stages behind the commit: from a delivery that is due to an attempt's log. */
record DeliveryStages(
    Dispatcher dispatcher,
    Claimer claimer,
    OrderedClaimer orderedClaimer,
    Turns turns,
    Lanes lanes,
    Trials trials,
    Poster poster,
    PostgresConnections logConnections) {

  /** From now on what is due is looked for. */
  void start() {
    claimer.start();
    orderedClaimer.start();
  }

  /** Claims nothing more, starts no attempt, and waits for those under way to end and be logged. */
  Future<Void> finish() {
    return claimer.stop().compose(_ -> orderedClaimer.stop()).compose(_ -> lanes.stop());
  }

  /** Closes the connections to endpoints, and those of the log. */
  Future<Void> close() {
    return Future.join(poster.close(), logConnections.close()).mapEmpty();
  }
}
