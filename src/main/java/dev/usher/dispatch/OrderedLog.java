package dev.usher.dispatch;

import dev.usher.deliver.AttemptLog;
import dev.usher.event.Attempt;
import io.vertx.core.Future;

/** Tells when an attempt is settled, because then it is the next one's turn. */
public final class OrderedLog implements AttemptLog {
  private final AttemptLog log;
  private final Turns turns;

  /**
   * @param log where attempts are logged
   */
  public OrderedLog(AttemptLog log, Turns turns) {
    this.log = log;
    this.turns = turns;
  }

  @Override
  public Future<Void> log(Attempt attempt) {
    Future<Void> logged = log.log(attempt);
    return turns.isNeeded()
        ? logged.onSuccess(_ -> turns.settled(attempt.delivery().endpoint()))
        : logged;
  }

  @Override
  public boolean isFull() {
    return log.isFull();
  }
}
