package dev.usher.control;

import dev.usher.control.Query.IdRange;
import dev.usher.event.SourceId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The sample of refused requests, as the public doors wrote it. */
final class PostgresRejections {
  private static final UUID NIL = new UUID(0, 0);

  /** The statement of {@link PostgresScan}. */
  private static final String LIST =
      """
      WITH scanned AS MATERIALIZED (
        SELECT *, ($6::uuid IS NULL OR source_id = $6) AND ($7::text IS NULL OR code = $7) AS wanted
        FROM rejections
        WHERE organization_id = $1 AND id < $2 AND id < $3 AND id >= $4
        ORDER BY id DESC LIMIT $5)
      SELECT *, (SELECT count(*) FROM scanned) AS scanned FROM scanned
      WHERE wanted OR id = (SELECT id FROM scanned ORDER BY id LIMIT 1)
      ORDER BY id DESC LIMIT $8
      """;

  private final Pool pool;

  PostgresRejections(Pool pool) {
    this.pool = pool;
  }

  /** Which refusals are wanted; null for any. */
  record Filter(@Nullable SourceId source, @Nullable String code, IdRange time) {
    boolean narrows() {
      return source != null || code != null;
    }
  }

  /**
   * Refusals by time, newest first; with a filter see {@link PostgresScan}.
   *
   * @param keySpace an organization's id, or the nil UUID for requests that named no source
   */
  Future<Page<StoredRejection>> list(UUID keySpace, Filter filter, PageRequest page) {
    SourceId source = filter.source();
    return pool.preparedQuery(LIST)
        .execute(
            Tuple.of(
                keySpace,
                page.before(),
                filter.time().below(),
                filter.time().from(),
                PostgresScan.rows(page.limit(), filter.narrows()),
                source == null ? null : source.value(),
                filter.code(),
                page.limit() + 1))
        .map(
            rows ->
                PostgresScan.page(
                    rows, page.limit(), filter.narrows(), PostgresRejections::rejection));
  }

  private static StoredRejection rejection(Row row) {
    UUID source = row.getUUID("source_id");
    return new StoredRejection(
        row.getUUID("id"),
        source.equals(NIL) ? null : new SourceId(source),
        row.getString("code"),
        row.getShort("status"),
        row.getString("reason"),
        row.getString("address"),
        row.getString("idempotency_key"),
        row.getInteger("body_bytes"),
        row.getInteger("alike"));
  }
}
