package dev.usher.dispatch;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;

/** The table {@code nodes}: a row for each event loop of each gateway that is up. */
public final class PostgresLeases implements Leases {
  private static final String ACQUIRE =
      """
      INSERT INTO nodes (name, lease_until) VALUES ($1, now() + $2 * interval '1 second')
      RETURNING id\
      """;
  private static final String EXTEND =
      "UPDATE nodes SET lease_until = now() + $2 * interval '1 second' WHERE id = $1 RETURNING id";
  private static final String RELEASE =
      """
      WITH ended AS (DELETE FROM nodes WHERE id = $1)
      UPDATE deliveries SET node_id = NULL WHERE node_id = $1\
      """;
  private static final String HELD = "SELECT count(*)::int FROM nodes WHERE lease_until > now()";
  private static final String TAKE_OVER =
      """
      WITH ended AS (DELETE FROM nodes WHERE lease_until < now() RETURNING id)
      UPDATE deliveries SET node_id = NULL WHERE node_id IN (SELECT id FROM ended)\
      """;

  // A node may write one more batch under a lease that was ended meanwhile.
  private static final String SWEEP =
      """
      UPDATE deliveries d SET node_id = NULL
      WHERE node_id IS NOT NULL AND NOT EXISTS (SELECT FROM nodes n WHERE n.id = d.node_id)\
      """;

  private final Pool pool;

  public PostgresLeases(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<Integer> acquire(String holder, long seconds) {
    return pool.preparedQuery(ACQUIRE)
        .execute(Tuple.of(holder, (double) seconds))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return row.getInteger(0);
            });
  }

  @Override
  public Future<Boolean> extend(int lease, long seconds) {
    return pool.preparedQuery(EXTEND)
        .execute(Tuple.of(lease, (double) seconds))
        .map(rows -> rows.size() == 1);
  }

  @Override
  public Future<Void> release(int lease) {
    return pool.preparedQuery(RELEASE).execute(Tuple.of(lease)).mapEmpty();
  }

  @Override
  public Future<Integer> held() {
    return pool.preparedQuery(HELD)
        .execute()
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return row.getInteger(0);
            });
  }

  @Override
  public Future<Integer> takeOverEnded() {
    return pool.preparedQuery(TAKE_OVER).execute().map(rows -> rows.rowCount());
  }

  @Override
  public Future<Integer> sweep() {
    return pool.preparedQuery(SWEEP).execute().map(rows -> rows.rowCount());
  }
}
