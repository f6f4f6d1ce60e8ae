package dev.usher.dispatch;

import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;

/** The table {@code recoveries}. */
public final class PostgresRecoveries implements Recoveries {
  private static final String STEP = Sql.read(PostgresRecoveries.class, "recover.sql");

  private final Pool pool;

  public PostgresRecoveries(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<Boolean> step(int attempts, int mostDue) {
    return pool.preparedQuery(STEP)
        .execute(Tuple.of(attempts, mostDue))
        .map(rows -> rows.size() > 0);
  }
}
