package dev.usher.journal;

import dev.usher.deliver.Circuits;
import dev.usher.deliver.FailureRecord;
import dev.usher.event.EndpointId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code endpoint_failures}. All times are Postgres' own: nodes say how long ago, not
 * when.
 */
public final class PostgresFailureRecord implements FailureRecord {
  /** In the order of the ids, so that two nodes never wait for each other crosswise. */
  private static final String FAILING =
      """
      INSERT INTO endpoint_failures AS f (organization_id, endpoint_id, failing_since, last_failed_at)
      SELECT s.organization_id, s.endpoint_id, now() - s.last_us * interval '1 microsecond',
             now() - s.last_us * interval '1 microsecond'
      FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS s (organization_id, endpoint_id, last_us)
      ORDER BY s.organization_id, s.endpoint_id
      ON CONFLICT (organization_id, endpoint_id) DO UPDATE
      SET failing_since = CASE WHEN f.last_failed_at < excluded.failing_since - interval '2 days'
                               THEN excluded.failing_since ELSE f.failing_since END,
          last_failed_at = greatest(f.last_failed_at, excluded.last_failed_at)\
      """;

  private static final String ENDED =
      "DELETE FROM endpoint_failures WHERE endpoint_id = ANY ($1::uuid[])";
  private static final String RECORDED =
      """
      SELECT endpoint_id FROM endpoint_failures
      WHERE endpoint_id > $1 ORDER BY endpoint_id LIMIT $2\
      """;
  private static final String OVERDUE =
      """
      SELECT e.id, greatest(f.failing_since, e.changed_at) AS since
      FROM endpoint_failures f
      JOIN endpoints e ON e.organization_id = f.organization_id AND e.id = f.endpoint_id
      WHERE f.failing_since < now() - interval '5 days' AND e.changed_at < now() - interval '5 days'
        AND f.last_failed_at > now() - interval '1 day'
        AND e.status = 'active' AND e.deleted_at IS NULL
      LIMIT $1\
      """;
  private static final UUID FIRST = new UUID(0, 0);

  private final Pool pool;

  public PostgresFailureRecord(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<Void> failing(List<Circuits.Streak> streaks) {
    return pool.preparedQuery(FAILING)
        .execute(
            Tuple.of(
                array(streaks, streak -> streak.endpoint().organization().value()),
                array(streaks, streak -> streak.endpoint().id().value()),
                streaks.stream().map(streak -> streak.lastNanosAgo() / 1_000).toArray(Long[]::new)))
        .mapEmpty();
  }

  private static UUID[] array(List<Circuits.Streak> streaks, Function<Circuits.Streak, UUID> id) {
    return streaks.stream().map(id).toArray(UUID[]::new);
  }

  @Override
  public Future<Void> ended(List<EndpointId> endpoints) {
    UUID[] ids = endpoints.stream().map(EndpointId::value).toArray(UUID[]::new);
    return pool.preparedQuery(ENDED).execute(Tuple.of(ids)).mapEmpty();
  }

  @Override
  public Future<List<EndpointId>> recorded(@Nullable EndpointId after, int limit) {
    return pool.preparedQuery(RECORDED)
        .execute(Tuple.of(after == null ? FIRST : after.value(), limit))
        .map(
            rows -> {
              List<EndpointId> page = new ArrayList<>(rows.size());
              rows.forEach(row -> page.add(new EndpointId(row.getUUID(0))));
              return page;
            });
  }

  @Override
  public Future<List<Overdue>> overdue(int limit) {
    return pool.preparedQuery(OVERDUE)
        .execute(Tuple.of(limit))
        .map(
            rows -> {
              List<Overdue> overdue = new ArrayList<>(rows.size());
              for (Row row : rows) {
                overdue.add(
                    new Overdue(
                        new EndpointId(row.getUUID(0)), row.getOffsetDateTime(1).toInstant()));
              }
              return overdue;
            });
  }
}
