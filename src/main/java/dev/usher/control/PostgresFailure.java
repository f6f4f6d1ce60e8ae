package dev.usher.control;

import io.vertx.core.VertxException;
import io.vertx.sqlclient.DatabaseException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** Tells why a statement failed. */
final class PostgresFailure {
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  /** Codes after which the same statement may well succeed: Postgres' manual, appendix A. */
  private static final Set<String> PASSING =
      Set.of(
          "40001", // serialization_failure
          "40P01", // deadlock_detected
          LOCK_NOT_AVAILABLE,
          "57014"); // query_canceled, by a time-out

  /** Connection exceptions, insufficient resources, operator intervention. */
  private static final Set<String> AWAY_CLASSES = Set.of("08", "53", "57");

  private PostgresFailure() {}

  /** Whether Postgres is away, stopping or overloaded: nothing that the caller could mend. */
  static boolean isPassing(Throwable failure) {
    if (failure instanceof DatabaseException refused) {
      String state = String.valueOf(refused.getSqlState());
      return PASSING.contains(state) || AWAY_CLASSES.stream().anyMatch(state::startsWith);
    }
    return failure instanceof VertxException
        || failure instanceof IOException
        || failure instanceof TimeoutException;
  }

  /** Whether another transaction held a row for longer than the statement was ready to wait. */
  static boolean isLockTimeout(Throwable failure) {
    return failure instanceof DatabaseException refused
        && LOCK_NOT_AVAILABLE.equals(refused.getSqlState());
  }
}
