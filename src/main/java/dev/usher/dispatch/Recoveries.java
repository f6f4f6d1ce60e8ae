package dev.usher.dispatch;

import io.vertx.core.Future;

/** The recoveries that people asked for: dead letters of an endpoint that are to be sent again. */
public interface Recoveries {
  /**
   * Does one step of one recovery, whichever has waited longest and whose endpoint has little due.
   *
   * @param attempts looked at, at most
   * @param mostDue deliveries that are due at the endpoint, from which on it waits
   * @return whether there was one to do
   */
  Future<Boolean> step(int attempts, int mostDue);
}
