package dev.usher.dispatch;

import io.vertx.core.Future;

/** What stays in the tables although nobody needs it. */
public interface Leftovers {
  /**
   * Deletes deliveries that wait for an endpoint which is deleted.
   *
   * @return how many, at most twice {@code limit}
   */
  Future<Integer> deleteOrphans(int limit);

  /**
   * Takes deliveries out of order that wait for an endpoint which is not ordered any more.
   *
   * @return how many, at most {@code limit}
   */
  Future<Integer> unorder(int limit);

  /**
   * Deletes recoveries that ended two weeks ago, and what is known of the failures of endpoints
   * that are deleted; at most {@code limit} of each.
   */
  Future<Void> deleteEnded(int limit);
}
