package dev.usher.control;

import dev.usher.control.Query.IdRange;
import dev.usher.event.EventId;
import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events, as the journal wrote them. */
final class PostgresEvents {
  /**
   * How far the clocks of two nodes may be apart: an attempt's id may be older than its event's.
   */
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  /** The statement of {@link PostgresScan}. */
  static final String LIST =
      """
      WITH scanned AS MATERIALIZED (
        SELECT id, source_id, type, idempotency_key,
               ($6::text IS NULL OR type = $6)
                 AND ($7::uuid IS NULL OR source_id IS NOT DISTINCT FROM $7) AS wanted
        FROM events
        WHERE organization_id = $1 AND id < $2 AND id < $3 AND id >= $4
        ORDER BY id DESC LIMIT $5)
      SELECT *, (SELECT count(*) FROM scanned) AS scanned FROM scanned
      WHERE wanted OR id = (SELECT id FROM scanned ORDER BY id LIMIT 1)
      ORDER BY id DESC LIMIT $8
      """;

  private final Pool pool;

  PostgresEvents(Pool pool) {
    this.pool = pool;
  }

  /** Which events are wanted; null for any. */
  record Filter(@Nullable String type, @Nullable SourceId source, IdRange time) {
    boolean narrows() {
      return type != null || source != null;
    }
  }

  /** Events by acceptance, newest first; with a filter see {@link PostgresScan}. */
  Future<Page<StoredEvent>> list(OrganizationId organization, Filter filter, PageRequest page) {
    SourceId source = filter.source();
    return pool.preparedQuery(LIST)
        .execute(
            Tuple.of(
                organization.value(),
                page.before(),
                filter.time().below(),
                filter.time().from(),
                PostgresScan.rows(page.limit(), filter.narrows()),
                filter.type(),
                source == null ? null : source.value(),
                page.limit() + 1))
        .map(
            rows -> PostgresScan.page(rows, page.limit(), filter.narrows(), PostgresEvents::event));
  }

  /** How far the deliveries of each of these events have come. */
  Future<Map<EventId, EventStatus>> statuses(
      OrganizationId organization, List<StoredEvent> events) {
    if (events.isEmpty()) {
      return Future.succeededFuture(Map.of());
    }
    UUID[] ids = events.stream().map(event -> event.id().value()).toArray(UUID[]::new);
    return pool.preparedQuery(
            """
            SELECT e.id, attempted.succeeded,
                   EXISTS (SELECT FROM deliveries d
                           WHERE d.organization_id = $1 AND d.event_id = e.id) AS due
            FROM unnest($2::uuid[]) e (id)
            CROSS JOIN LATERAL (
              SELECT bool_and(last.succeeded) AS succeeded FROM (
                SELECT DISTINCT ON (a.endpoint_id) a.outcome = 'succeeded' AS succeeded
                FROM attempts a
                WHERE a.organization_id = $1 AND a.event_id = e.id AND a.id >= $3
                ORDER BY a.endpoint_id, a.id DESC) last) attempted
            """)
        .execute(
            Tuple.of(organization.value()).addArrayOfUUID(ids).addUUID(earliestAttempt(events)))
        .map(
            rows -> {
              Map<EventId, EventStatus> statuses = new HashMap<>();
              rows.forEach(row -> statuses.put(new EventId(row.getUUID("id")), status(row)));
              return statuses;
            });
  }

  /** The event with its content. */
  Future<Optional<StoredEvent.Content>> find(OrganizationId organization, EventId id) {
    return pool.preparedQuery(
            """
            SELECT id, source_id, type, idempotency_key, content_type, headers, body
            FROM events WHERE organization_id = $1 AND id = $2
            """)
        .execute(Tuple.of(organization.value(), id.value()))
        .map(rows -> PostgresRows.one(rows, PostgresEvents::content));
  }

  /** The event's type; empty where there is no such event. */
  Future<Optional<String>> type(
      PostgresTransaction transaction, OrganizationId organization, EventId id) {
    return transaction
        .execute(
            "SELECT type FROM events WHERE organization_id = $1 AND id = $2",
            Tuple.of(organization.value(), id.value()))
        .map(rows -> PostgresRows.one(rows, row -> row.getString("type")));
  }

  /** The event's payload; empty where there is no such event. */
  Future<Optional<byte[]>> body(
      PostgresTransaction transaction, OrganizationId organization, EventId id) {
    return transaction
        .execute(
            "SELECT body FROM events WHERE organization_id = $1 AND id = $2",
            Tuple.of(organization.value(), id.value()))
        .map(rows -> PostgresRows.one(rows, row -> row.getBuffer("body").getBytes()));
  }

  /** The smallest id that an attempt at one of these events can have: older days are not read. */
  static UUID earliestAttempt(List<StoredEvent> events) {
    long oldest =
        events.stream().mapToLong(event -> UuidV7.epochMillis(event.id().value())).min().orElse(0);
    return UuidV7.lowest(Math.max(0, oldest - CLOCK_SKEW.toMillis()));
  }

  private static EventStatus status(Row row) {
    Boolean succeeded = row.getBoolean("succeeded");
    if (row.getBoolean("due")) {
      return EventStatus.PENDING;
    }
    if (succeeded == null) {
      return EventStatus.NONE;
    }
    return succeeded ? EventStatus.SUCCEEDED : EventStatus.FAILED;
  }

  private static StoredEvent event(Row row) {
    UUID source = row.getUUID("source_id");
    return new StoredEvent(
        new EventId(row.getUUID("id")),
        source == null ? null : new SourceId(source),
        row.getString("type"),
        row.getString("idempotency_key"));
  }

  private static StoredEvent.Content content(Row row) {
    return new StoredEvent.Content(
        event(row),
        row.getString("content_type"),
        row.getString("headers"),
        row.getBuffer("body").getBytes());
  }
}
