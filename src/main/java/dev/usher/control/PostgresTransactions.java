package dev.usher.control;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.util.function.Function;

/** Runs calls each in one transaction. */
final class PostgresTransactions {
  private final Pool pool;

  PostgresTransactions(Pool pool) {
    this.pool = pool;
  }

  /**
   * Commits where {@code work} answers with a reply; a problem or a failure leaves nothing behind.
   */
  Future<Answer> run(Function<PostgresTransaction, Future<Answer>> work) {
    return pool.withTransaction(
            connection ->
                Future.succeededFuture(new PostgresTransaction(connection))
                    .compose(work)
                    .compose(
                        answer ->
                            answer instanceof Problem problem
                                ? Future.<Answer>failedFuture(new Undone(problem))
                                : Future.succeededFuture(answer)))
        .recover(
            failure ->
                failure instanceof Undone undone
                    ? Future.succeededFuture(undone.problem)
                    : Future.failedFuture(failure));
  }

  /** Carries a problem past the roll-back, which the client does for failures only. */
  private static final class Undone extends RuntimeException {
    private final transient Problem problem;

    private Undone(Problem problem) {
      super(null, null, false, false);
      this.problem = problem;
    }
  }
}
