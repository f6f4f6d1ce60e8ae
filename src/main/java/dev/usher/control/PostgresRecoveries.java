package dev.usher.control;

import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import dev.usher.event.RecoveryId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Recoveries: made, shown and cancelled here, worked off by the nodes. */
final class PostgresRecoveries {
  private static final String COLUMNS =
      "id, endpoint_id, since, until, status, found, recovered, created_at, changed_at";

  /** Of more dead letters than these it is not looked up which were tried again since. */
  private static final int MOST_LOOKED_UP = 1_000;

  /** What was given up in a span of time. */
  private static final String GIVEN_UP =
      """
      FROM attempts a
      WHERE organization_id = $1 AND endpoint_id = $2 AND id > $3 AND id < $4
        AND outcome <> 'succeeded' AND next_attempt_at IS NULL
      """;

  private final Pool pool;

  PostgresRecoveries(Pool pool) {
    this.pool = pool;
  }

  /** The span of a recovery; {@code until} is not part of it. */
  record Span(Instant since, Instant until) {
    UUID above() {
      return UuidV7.lowest(since.toEpochMilli());
    }

    UUID below() {
      return UuidV7.lowest(until.toEpochMilli());
    }
  }

  /**
   * How many dead letters the endpoint has in the span: exactly up to a thousand; of more, those
   * are counted too that were tried again since.
   */
  Future<Long> count(
      PostgresTransaction transaction, OrganizationId organization, EndpointId id, Span span) {
    Tuple parameters = Tuple.of(organization.value(), id.value(), span.above(), span.below());
    String some =
        """
        SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (
            SELECT FROM attempts n
            WHERE n.organization_id = $1 AND n.event_id = g.event_id AND n.endpoint_id = $2
              AND n.id > g.id)
          AND NOT EXISTS (
            SELECT FROM deliveries d
            WHERE d.organization_id = $1 AND d.event_id = g.event_id AND d.endpoint_id = $2))
        FROM (SELECT id, event_id %s LIMIT %d) g
        """
            .formatted(GIVEN_UP, MOST_LOOKED_UP + 1);
    return transaction
        .execute(some, parameters)
        .compose(
            rows -> {
              Row row = rows.iterator().next();
              return row.getLong(0) <= MOST_LOOKED_UP
                  ? Future.succeededFuture(row.getLong(1))
                  : transaction
                      .execute("SELECT count(*) " + GIVEN_UP, parameters)
                      .map(all -> all.iterator().next().getLong(0));
            });
  }

  /** How many of the organization are running. */
  Future<Integer> running(PostgresTransaction transaction, OrganizationId organization) {
    return transaction
        .execute(
            """
            SELECT count(*)::integer FROM recoveries
            WHERE organization_id = $1 AND status = 'running'
            """,
            Tuple.of(organization.value()))
        .map(rows -> rows.iterator().next().getInteger(0));
  }

  /** Makes a recovery; the nodes begin with it within a second. */
  Future<StoredRecovery> create(
      PostgresTransaction transaction,
      OrganizationId organization,
      RecoveryId id,
      EndpointId endpoint,
      Span span,
      long found) {
    return transaction
        .execute(
            """
            INSERT INTO recoveries (organization_id, id, endpoint_id, since, until, position,
                                    below_id, found, status)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8::bigint,
                    CASE WHEN $8::bigint = 0 THEN 'done' ELSE 'running' END)
            RETURNING \
            """
                + COLUMNS,
            Tuple.of(
                organization.value(),
                id.value(),
                endpoint.value(),
                span.since().atOffset(ZoneOffset.UTC),
                span.until().atOffset(ZoneOffset.UTC),
                span.above(),
                span.below(),
                found))
        .map(rows -> recovery(rows.iterator().next()));
  }

  Future<Optional<StoredRecovery>> find(OrganizationId organization, RecoveryId id) {
    return pool.preparedQuery(
            "SELECT " + COLUMNS + " FROM recoveries WHERE organization_id = $1 AND id = $2")
        .execute(Tuple.of(organization.value(), id.value()))
        .map(rows -> PostgresRows.one(rows, PostgresRecoveries::recovery));
  }

  /**
   * Recoveries, newest first.
   *
   * @param endpoint null for those of all endpoints
   */
  Future<Page<StoredRecovery>> list(
      OrganizationId organization, @Nullable EndpointId endpoint, PageRequest page) {
    return pool.preparedQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM recoveries
                WHERE organization_id = $1 AND id < $2 AND ($3::uuid IS NULL OR endpoint_id = $3)
                ORDER BY id DESC LIMIT $4
                """)
        .execute(
            Tuple.of(
                organization.value(),
                page.before(),
                endpoint == null ? null : endpoint.value(),
                page.limit() + 1))
        .map(rows -> PostgresRows.all(rows, PostgresRecoveries::recovery))
        .map(all -> Page.of(all, page.limit(), recovery -> recovery.id().value()));
  }

  /**
   * A recovery that somebody wants to end.
   *
   * @param justNow whether it was running until now
   */
  record Cancelled(StoredRecovery recovery, boolean justNow) {}

  /** Cancels what is running: no more becomes due. Waits for the step under way. */
  Future<Optional<Cancelled>> cancel(
      PostgresTransaction transaction, OrganizationId organization, RecoveryId id) {
    return transaction
        .execute(
            """
            WITH before AS (
              SELECT status = 'running' AS running FROM recoveries
              WHERE organization_id = $1 AND id = $2 FOR UPDATE)
            UPDATE recoveries
            SET status = CASE WHEN running THEN 'cancelled' ELSE status END,
                changed_at = CASE WHEN running THEN now() ELSE changed_at END
            FROM before
            WHERE organization_id = $1 AND id = $2
            RETURNING running,\
            """
                + COLUMNS,
            Tuple.of(organization.value(), id.value()))
        .map(
            rows ->
                PostgresRows.one(
                    rows, row -> new Cancelled(recovery(row), row.getBoolean("running"))));
  }

  private static StoredRecovery recovery(Row row) {
    return new StoredRecovery(
        new RecoveryId(row.getUUID("id")),
        new EndpointId(row.getUUID("endpoint_id")),
        PostgresRows.time(row, "since"),
        PostgresRows.time(row, "until"),
        row.getString("status"),
        row.getLong("found"),
        row.getLong("recovered"),
        PostgresRows.time(row, "created_at"),
        PostgresRows.time(row, "changed_at"));
  }
}
