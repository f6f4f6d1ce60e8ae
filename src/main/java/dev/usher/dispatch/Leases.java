package dev.usher.dispatch;

import io.vertx.core.Future;

/**
 * Where leases are kept. A lease has a number and an end; each delivery row that bears the number
 * belongs to its holder until the lease ends.
 */
public interface Leases {
  /** Takes out a new lease for {@code seconds}, under a number never used before. */
  Future<Integer> acquire(String holder, long seconds);

  /** Extends a lease; false when it has ended and was taken over. */
  Future<Boolean> extend(int lease, long seconds);

  /** Ends a lease at once: what is leased under it waits to be claimed again. */
  Future<Void> release(int lease);

  /** How many leases are held now, over all nodes. */
  Future<Integer> held();

  /**
   * Ends the leases whose time is over, and frees what was leased under them.
   *
   * @return how many deliveries were freed
   */
  Future<Integer> takeOverEnded();

  /**
   * Frees what is leased under leases that exist no more. Reads the whole table of due deliveries:
   * for once a minute.
   *
   * @return how many deliveries were freed
   */
  Future<Integer> sweep();
}
