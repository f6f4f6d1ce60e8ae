package dev.usher.control;

import dev.usher.control.Tally.Counts;
import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Numbers over time, as the roll-up has counted them: no page counts events. */
final class PostgresStatistics {
  private static final UUID WHOLE = new UUID(0, 0);

  /** What is counted for good is in the hours, and the few minutes after that. */
  private static final String BY_HOUR =
      """
      SELECT endpoint_id, at, events, succeeded, failed, given_up, latency FROM statistics_by_hour
      WHERE organization_id = $1 AND endpoint_id = ANY ($2::uuid[]) AND at >= $3
      UNION ALL
      SELECT endpoint_id, at, events, succeeded, failed, given_up, latency FROM statistics_by_minute
      WHERE organization_id = $1 AND endpoint_id = ANY ($2::uuid[]) AND at >= $3
        AND at >= (SELECT settled_until FROM statistics_progress)
      """;

  private static final String BY_MINUTE =
      """
      SELECT endpoint_id, at, events, succeeded, failed, given_up, latency FROM statistics_by_minute
      WHERE organization_id = $1 AND endpoint_id = ANY ($2::uuid[]) AND at >= $3
      """;

  /** Each endpoint's first by an index; those that a node has in hand are as good as sent. */
  private static final String OLDEST_DUE =
      """
      SELECT min(d.due_at) AS due_at,
             (SELECT fresh_until FROM statistics_progress) AS counted_until
      FROM endpoints e CROSS JOIN LATERAL (
        (SELECT due_at FROM deliveries
         WHERE organization_id = $1 AND endpoint_id = e.id AND node_id IS NULL AND position IS NULL
         ORDER BY due_at LIMIT 1)
        UNION ALL
        (SELECT due_at FROM deliveries
         WHERE organization_id = $1 AND endpoint_id = e.id AND position IS NOT NULL
         ORDER BY position LIMIT 1)) d
      WHERE e.organization_id = $1 AND e.deleted_at IS NULL AND e.status = 'active'
        AND ($2::uuid IS NULL OR e.id = $2) AND d.due_at <= now()
      """;

  private static final String WAITED =
      "SELECT at, waited_ms FROM %s WHERE organization_id = $1 AND at >= $2";

  private final Pool pool;

  PostgresStatistics(Pool pool) {
    this.pool = pool;
  }

  /** What was counted in a minute, or an hour, that begins at {@code at}. */
  record Counted(UUID endpoint, Instant at, Counts counts) {}

  /**
   * How it stands.
   *
   * @param oldestDue since when the oldest delivery to an active endpoint is due; null for none
   */
  record Standing(@Nullable Instant oldestDue, Instant countedUntil) {}

  /** The organization's, or one endpoint's, since a time; in no order. */
  Future<List<Counted>> since(
      OrganizationId organization, @Nullable EndpointId endpoint, Instant since, boolean minutes) {
    UUID whose = endpoint == null ? WHOLE : endpoint.value();
    return read(minutes ? BY_MINUTE : BY_HOUR, organization, new UUID[] {whose}, since);
  }

  /** Of each of these endpoints, by hours and minutes, since a time; in no order. */
  Future<List<Counted>> since(OrganizationId organization, List<UUID> endpoints, Instant since) {
    return read(BY_HOUR, organization, endpoints.toArray(UUID[]::new), since);
  }

  private Future<List<Counted>> read(
      String statement, OrganizationId organization, UUID[] endpoints, Instant since) {
    return pool.preparedQuery(statement)
        .execute(
            Tuple.of(organization.value())
                .addArrayOfUUID(endpoints)
                .addOffsetDateTime(since.atOffset(ZoneOffset.UTC)))
        .map(rows -> PostgresRows.all(rows, PostgresStatistics::counted));
  }

  /** How long the oldest due delivery had been waiting, at the worst look after {@code at}. */
  record Waited(Instant at, long millis) {}

  /** The organization's, where anything was due, since a time; in no order. */
  Future<List<Waited>> waited(OrganizationId organization, Instant since, boolean minutes) {
    return pool.preparedQuery(
            WAITED.formatted(minutes ? "oldest_due_by_minute" : "oldest_due_by_hour"))
        .execute(Tuple.of(organization.value(), since.atOffset(ZoneOffset.UTC)))
        .map(
            rows ->
                PostgresRows.all(
                    rows,
                    row -> new Waited(PostgresRows.time(row, "at"), row.getLong("waited_ms"))));
  }

  Future<Standing> standing(OrganizationId organization, @Nullable EndpointId endpoint) {
    return pool.preparedQuery(OLDEST_DUE)
        .execute(Tuple.of(organization.value(), endpoint == null ? null : endpoint.value()))
        .map(rows -> rows.iterator().next())
        .map(
            row ->
                new Standing(
                    PostgresRows.timeOrNull(row, "due_at"),
                    PostgresRows.time(row, "counted_until")));
  }

  private static Counted counted(Row row) {
    return new Counted(
        row.getUUID("endpoint_id"),
        PostgresRows.time(row, "at"),
        new Counts(
            row.getLong("events"),
            row.getLong("succeeded"),
            row.getLong("failed"),
            row.getLong("given_up"),
            row.getArrayOfLongs("latency")));
  }
}
