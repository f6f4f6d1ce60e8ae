package dev.usher.control;

import dev.usher.control.Query.IdRange;
import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/** Dead letters: the last attempts of deliveries that were given up and not tried again since. */
final class PostgresDeadLetters {
  /** Answered by an index: only what was given up is read. */
  private static final String OF_AN_ENDPOINT =
      "AND endpoint_id = $6 AND outcome <> 'succeeded' AND next_attempt_at IS NULL";

  private final Pool pool;

  PostgresDeadLetters(Pool pool) {
    this.pool = pool;
  }

  /** Which dead letters are wanted; null for any. */
  record Filter(@Nullable EndpointId endpoint, @Nullable String type, IdRange time) {}

  /** Dead letters by the time of their last attempt, newest first; see {@link PostgresScan}. */
  Future<Page<StoredAttempt>> list(OrganizationId organization, Filter filter, PageRequest page) {
    EndpointId endpoint = filter.endpoint();
    return pool.preparedQuery(listing(endpoint == null ? "AND $6::uuid IS NULL" : OF_AN_ENDPOINT))
        .execute(
            Tuple.of(
                organization.value(),
                page.before(),
                filter.time().below(),
                filter.time().from(),
                PostgresScan.rows(page.limit(), true),
                endpoint == null ? null : endpoint.value(),
                filter.type(),
                page.limit() + 1))
        .map(rows -> PostgresScan.page(rows, page.limit(), true, PostgresAttempts::attempt));
  }

  private static String listing(String indexed) {
    return """
    WITH scanned AS MATERIALIZED (
      SELECT * FROM attempts
      WHERE organization_id = $1 AND id < $2 AND id < $3 AND id >= $4 %s
      ORDER BY id DESC LIMIT $5),
    judged AS (
      SELECT s.*, e.type, e.idempotency_key,
             CASE WHEN s.outcome = 'succeeded' OR s.next_attempt_at IS NOT NULL THEN false
                  WHEN $7::text IS NOT NULL AND e.type IS DISTINCT FROM $7 THEN false
                  ELSE NOT EXISTS (
                      SELECT FROM attempts n
                      WHERE n.organization_id = $1 AND n.event_id = s.event_id
                        AND n.endpoint_id = s.endpoint_id AND n.id > s.id)
                    AND NOT EXISTS (
                      SELECT FROM deliveries d
                      WHERE d.organization_id = $1 AND d.event_id = s.event_id
                        AND d.endpoint_id = s.endpoint_id) END AS wanted
      FROM scanned s
      LEFT JOIN LATERAL (
        SELECT type, idempotency_key FROM events
        WHERE organization_id = $1 AND id = s.event_id LIMIT 1) e ON true)
    SELECT *, (SELECT count(*) FROM scanned) AS scanned FROM judged
    WHERE wanted OR id = (SELECT id FROM scanned ORDER BY id LIMIT 1)
    ORDER BY id DESC LIMIT $8
    """
        .formatted(indexed);
  }
}
