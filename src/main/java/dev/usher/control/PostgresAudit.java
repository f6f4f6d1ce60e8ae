package dev.usher.control;

import dev.usher.control.Query.IdRange;
import dev.usher.event.OrganizationId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The log of changes. An entry is written in the transaction of its change: there is no change
 * without an entry and no entry without a change. It outlives what was changed, and ends with its
 * own retention.
 */
final class PostgresAudit {
  /** The statement of {@link PostgresScan}; {@code %s} says of which organization. */
  private static final String LIST =
      """
      WITH scanned AS MATERIALIZED (
        SELECT *, ($6::text IS NULL OR actor = $6) AND ($7::text IS NULL OR action = $7)
                  AND ($8::text IS NULL OR target = $8) AS wanted
        FROM audit_log
        WHERE %s AND id < $2 AND id < $3 AND id >= $4
        ORDER BY id DESC LIMIT $5)
      SELECT *, (SELECT count(*) FROM scanned) AS scanned FROM scanned
      WHERE wanted OR id = (SELECT id FROM scanned ORDER BY id LIMIT 1)
      ORDER BY id DESC LIMIT $9
      """;

  private static final String OF_ONE = LIST.formatted("organization_id = $1");
  private static final String OF_ALL = LIST.formatted("$1::uuid IS NULL");

  private final Pool pool;
  private final InstantSource clock;

  PostgresAudit(Pool pool, InstantSource clock) {
    this.pool = pool;
    this.clock = clock;
  }

  /** Which entries are wanted; null for any. */
  record Filter(
      @Nullable String actor, @Nullable String action, @Nullable String target, IdRange time) {
    boolean narrows() {
      return actor != null || action != null || target != null;
    }
  }

  /** Notes what the caller of {@code call} changes in its organization. */
  Future<Void> note(PostgresTransaction transaction, Call call, Change change) {
    return note(transaction, call.organization(), call.caller().actor(), change);
  }

  /** Notes a change in {@code organization}. */
  Future<Void> note(
      PostgresTransaction transaction, OrganizationId organization, Actor actor, Change change) {
    return transaction
        .execute(
            """
            INSERT INTO audit_log (organization_id, id, actor, actor_name, action, target, changes)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            Tuple.of(
                organization.value(),
                UuidV7.unguessable(clock),
                actor.id(),
                actor.name(),
                change.action(),
                change.target(),
                change.changes().toString()))
        .mapEmpty();
  }

  /**
   * Entries, newest first; with a filter see {@link PostgresScan}.
   *
   * @param organization null for those of all organizations, deleted ones included
   */
  Future<Page<StoredChange>> list(
      @Nullable OrganizationId organization, Filter filter, PageRequest page) {
    return pool.preparedQuery(organization == null ? OF_ALL : OF_ONE)
        .execute(
            Tuple.of(
                    organization == null ? null : organization.value(),
                    page.before(),
                    filter.time().below(),
                    filter.time().from(),
                    PostgresScan.rows(page.limit(), filter.narrows()))
                .addString(filter.actor())
                .addString(filter.action())
                .addString(filter.target())
                .addInteger(page.limit() + 1))
        .map(rows -> PostgresScan.page(rows, page.limit(), filter.narrows(), PostgresAudit::entry));
  }

  private static StoredChange entry(Row row) {
    return new StoredChange(
        row.getUUID("id"),
        new OrganizationId(row.getUUID("organization_id")),
        new Actor(row.getString("actor"), row.getString("actor_name")),
        row.getString("action"),
        row.getString("target"),
        row.getString("changes"));
  }
}
