package dev.usher.control;

import dev.usher.control.Query.IdRange;
import dev.usher.event.AttemptId;
import dev.usher.event.EndpointId;
import dev.usher.event.EventId;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The log of attempts. */
final class PostgresAttempts {
  /** More than the default schedule makes for 25 endpoints; the rest is in the list of attempts. */
  private static final int MOST_OF_AN_EVENT = 200;

  private final Pool pool;

  PostgresAttempts(Pool pool) {
    this.pool = pool;
  }

  /**
   * Which attempts are wanted; null for any.
   *
   * @param succeeded whether they succeeded
   */
  record Filter(
      @Nullable Boolean succeeded,
      @Nullable EndpointId endpoint,
      @Nullable EventId event,
      @Nullable String type,
      IdRange time) {

    boolean narrows() {
      return succeeded != null || endpoint != null || event != null || type != null;
    }

    /** The condition that an index answers, so that not even unwanted rows are read. */
    String indexed() {
      if (event != null) {
        return "AND event_id = $6";
      }
      return endpoint != null && Boolean.FALSE.equals(succeeded)
          ? "AND endpoint_id = $7 AND outcome <> 'succeeded'"
          : "";
    }
  }

  /** Attempts by time, newest first; with a filter see {@link PostgresScan}. */
  Future<Page<StoredAttempt>> list(OrganizationId organization, Filter filter, PageRequest page) {
    EventId event = filter.event();
    EndpointId endpoint = filter.endpoint();
    return pool.preparedQuery(listing(filter.indexed()))
        .execute(
            Tuple.of(
                organization.value(),
                page.before(),
                filter.time().below(),
                filter.time().from(),
                PostgresScan.rows(page.limit(), filter.narrows()),
                event == null ? null : event.value(),
                endpoint == null ? null : endpoint.value(),
                filter.succeeded(),
                filter.type(),
                page.limit() + 1))
        .map(
            rows ->
                PostgresScan.page(rows, page.limit(), filter.narrows(), PostgresAttempts::attempt));
  }

  /** The statement of {@link PostgresScan} with one more condition on the rows that are read. */
  private static String listing(String indexed) {
    return """
    WITH scanned AS MATERIALIZED (
      SELECT * FROM attempts
      WHERE organization_id = $1 AND id < $2 AND id < $3 AND id >= $4 %s
      ORDER BY id DESC LIMIT $5),
    judged AS (
      SELECT s.*, e.type, e.idempotency_key,
             coalesce(($6::uuid IS NULL OR s.event_id = $6)
               AND ($7::uuid IS NULL OR s.endpoint_id = $7)
               AND ($8::boolean IS NULL OR (s.outcome = 'succeeded') = $8)
               AND ($9::text IS NULL OR e.type = $9), false) AS wanted
      FROM scanned s
      LEFT JOIN LATERAL (
        SELECT type, idempotency_key FROM events
        WHERE organization_id = $1 AND id = s.event_id LIMIT 1) e ON true)
    SELECT *, (SELECT count(*) FROM scanned) AS scanned FROM judged
    WHERE wanted OR id = (SELECT id FROM scanned ORDER BY id LIMIT 1)
    ORDER BY id DESC LIMIT $10
    """
        .formatted(indexed);
  }

  /** The newest attempts at one event, newest first, at most 200. */
  Future<List<StoredAttempt>> ofEvent(OrganizationId organization, StoredEvent event) {
    UUID earliest = PostgresEvents.earliestAttempt(List.of(event));
    return pool.preparedQuery(
            """
            SELECT a.*, $4::text AS type, $5::text AS idempotency_key FROM attempts a
            WHERE organization_id = $1 AND event_id = $2 AND id >= $3
            ORDER BY id DESC LIMIT $6
            """)
        .execute(
            Tuple.of(
                organization.value(),
                event.id().value(),
                earliest,
                event.type(),
                event.idempotencyKey(),
                MOST_OF_AN_EVENT))
        .map(rows -> PostgresRows.all(rows, PostgresAttempts::attempt));
  }

  static StoredAttempt attempt(Row row) {
    Short httpStatus = row.getShort("http_status");
    return new StoredAttempt(
        new AttemptId(row.getUUID("id")),
        new EventId(row.getUUID("event_id")),
        new EndpointId(row.getUUID("endpoint_id")),
        row.getString("type"),
        row.getString("idempotency_key"),
        row.getShort("number"),
        row.getString("outcome"),
        httpStatus == null ? null : Integer.valueOf(httpStatus),
        row.getString("error"),
        PostgresRows.bytesOrNull(row, "response_body"),
        PostgresRows.time(row, "started_at"),
        row.getInteger("duration_ms"),
        PostgresRows.timeOrNull(row, "next_attempt_at"));
  }
}
