package dev.usher.dispatch;

import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;

/** Leftovers in Postgres. */
public final class PostgresLeftovers implements Leftovers {
  private static final String ORPHANS = Sql.read(PostgresLeftovers.class, "orphans.sql");
  private static final String UNORDER = Sql.read(PostgresLeftovers.class, "unorder.sql");
  private static final String RECOVERIES =
      """
      DELETE FROM recoveries WHERE (organization_id, id) IN (
        SELECT organization_id, id FROM recoveries
        WHERE status <> 'running' AND changed_at < now() - interval '15 days'
        ORDER BY changed_at LIMIT $1 FOR UPDATE SKIP LOCKED)\
      """;
  private static final String FAILURES =
      """
      DELETE FROM endpoint_failures WHERE (organization_id, endpoint_id) IN (
        SELECT f.organization_id, f.endpoint_id FROM endpoint_failures f
        JOIN endpoints e ON e.organization_id = f.organization_id AND e.id = f.endpoint_id
        WHERE e.deleted_at IS NOT NULL
        LIMIT $1 FOR UPDATE OF f SKIP LOCKED)\
      """;

  private final Pool pool;

  public PostgresLeftovers(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<Integer> deleteOrphans(int limit) {
    return pool.preparedQuery(ORPHANS).execute(Tuple.of(limit)).map(rows -> rows.rowCount());
  }

  @Override
  public Future<Integer> unorder(int limit) {
    return pool.preparedQuery(UNORDER).execute(Tuple.of(limit)).map(rows -> rows.rowCount());
  }

  @Override
  public Future<Void> deleteEnded(int limit) {
    return pool.preparedQuery(RECOVERIES)
        .execute(Tuple.of(limit))
        .compose(_ -> pool.preparedQuery(FAILURES).execute(Tuple.of(limit)))
        .mapEmpty();
  }
}
