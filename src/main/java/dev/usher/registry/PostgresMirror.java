package dev.usher.registry;

import dev.usher.event.SecretKey;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one table of configuration, rows with their secrets, and tells its {@link Target} what
 * became of each. A row that it told of before is told of again only in a newer revision.
 *
 * <p>Belongs to one event loop, and reads one thing at a time: answers come in the order of the
 * reads, so an older state never replaces a newer one.
 */
final class PostgresMirror<T> {
  private static final Logger log = LoggerFactory.getLogger(PostgresMirror.class);

  private static final int PAGE_ROWS = 500;
  private static final int MARKED_LIMIT = 10_000;
  private static final int QUERY_TIMEOUT_SECONDS = 30;
  private static final UUID FIRST_ID = new UUID(0, 0);

  // An expired secret is not read at all; one that expires later carries its time with it.
  private static final String SELECT =
      """
      SELECT t.id, t.organization_id, t.changed_at, t.revision, t.deleted_at IS NOT NULL AS deleted,
             %s, k.master_key_ids, k.ciphertexts, k.expiries
      FROM %s t LEFT JOIN LATERAL (
        SELECT array_agg(s.master_key_id ORDER BY s.created_at DESC, s.id DESC) AS master_key_ids,
               array_agg(s.ciphertext ORDER BY s.created_at DESC, s.id DESC) AS ciphertexts,
               array_agg(s.expires_at ORDER BY s.created_at DESC, s.id DESC) AS expiries
        FROM secrets s
        WHERE s.organization_id = t.organization_id AND s.owner_id = t.id
          AND (s.expires_at IS NULL OR s.expires_at > now())
      ) k ON true
      """;
  private static final String CHANGED_SINCE =
      """
      WHERE (t.changed_at, t.id) > ($1, $2) AND (t.deleted_at IS NULL OR $3)
      ORDER BY t.changed_at, t.id
      LIMIT $4
      """;
  private static final String WITH_IDS = "WHERE t.id = ANY($1)";

  /** What the rows become. */
  interface Target<T> {
    /**
     * Makes a value of a row.
     *
     * @param keys newest first; at least one
     * @throws RuntimeException where that is not possible; the message is logged
     */
    T read(Row row, List<SecretKey> keys);

    /** It is there, new or changed. */
    void put(T value);

    /**
     * It is not there, or not any more, or cannot be read. Also called for what never was there.
     */
    void remove(UUID id);

    /** The id as people know it. */
    String display(UUID id);
  }

  private final Pool pool;
  private final SecretOpener secrets;
  private final Target<T> target;
  private final String changedSince;
  private final String withIds;
  private final Map<UUID, Long> revisions = new HashMap<>();
  private final Set<UUID> marked = new LinkedHashSet<>();

  /**
   * @param columns what {@code target} reads besides id, organization_id and revision; by name,
   *     since a newer node may add columns to the table while statements that were prepared here
   *     live on
   */
  PostgresMirror(Pool pool, String table, String columns, SecretOpener secrets, Target<T> target) {
    this.pool = pool;
    this.secrets = secrets;
    this.target = target;
    this.changedSince = SELECT.formatted(columns, table) + CHANGED_SINCE;
    this.withIds = SELECT.formatted(columns, table) + WITH_IDS;
  }

  /**
   * Remembers that a row changed, for {@link #readMarked}.
   *
   * @return false where so many are marked that the caller should read all changes instead
   */
  boolean mark(UUID id) {
    if (marked.size() >= MARKED_LIMIT) {
      return marked.contains(id);
    }
    marked.add(id);
    return true;
  }

  boolean hasMarked() {
    return !marked.isEmpty();
  }

  /** Reads the rows that were marked, at most a page of them; the others stay marked. */
  Future<Void> readMarked() {
    List<UUID> ids = new ArrayList<>();
    Iterator<UUID> next = marked.iterator();
    while (next.hasNext() && ids.size() < PAGE_ROWS) {
      ids.add(next.next());
      next.remove();
    }
    return query(withIds, Tuple.of(ids.toArray(UUID[]::new)))
        .map(
            rows -> {
              Set<UUID> missing = new HashSet<>(ids);
              for (Row row : rows) {
                missing.remove(row.getUUID("id"));
                apply(row);
              }
              missing.forEach(this::forget);
              return null;
            });
  }

  /**
   * Reads all rows that changed after {@code time}, page by page.
   *
   * @param withDeleted whether deleted rows are of interest: not before the first ones are known
   */
  Future<Void> readSince(OffsetDateTime time, boolean withDeleted) {
    return readPage(time, FIRST_ID, withDeleted);
  }

  private Future<Void> readPage(OffsetDateTime time, UUID id, boolean withDeleted) {
    return query(changedSince, Tuple.of(time, id, withDeleted, PAGE_ROWS))
        .compose(
            rows -> {
              Row last = null;
              for (Row row : rows) {
                apply(row);
                last = row;
              }
              return last == null || rows.size() < PAGE_ROWS
                  ? Future.succeededFuture()
                  : readPage(last.getOffsetDateTime("changed_at"), last.getUUID("id"), withDeleted);
            });
  }

  private Future<RowSet<Row>> query(String sql, Tuple parameters) {
    return pool.preparedQuery(sql)
        .execute(parameters)
        .timeout(QUERY_TIMEOUT_SECONDS, TimeUnit.SECONDS);
  }

  private void apply(Row row) {
    UUID id = row.getUUID("id");
    long revision = row.getLong("revision");
    Long known = revisions.get(id);
    if (known != null && known >= revision) {
      return;
    }
    if (row.getBoolean("deleted")) {
      forget(id);
      return;
    }
    revisions.put(id, revision);
    T value = readable(row, id);
    if (value != null) {
      target.put(value);
    } else {
      target.remove(id);
    }
  }

  private void forget(UUID id) {
    revisions.remove(id);
    target.remove(id);
  }

  // One bad row must not take the others with it. Its revision is known from now on, so it is
  // logged
  // once and looked at again when somebody changed it.
  private @Nullable T readable(Row row, UUID id) {
    try {
      return target.read(row, keys(row, id));
    } catch (RuntimeException e) {
      log.error("{} cannot be read and is left out: {}", target.display(id), e.toString());
      return null;
    }
  }

  private List<SecretKey> keys(Row row, UUID owner) {
    String[] masterKeyIds = row.getArrayOfStrings("master_key_ids");
    Buffer[] ciphertexts = row.getArrayOfBuffers("ciphertexts");
    OffsetDateTime[] expiries = row.getArrayOfOffsetDateTimes("expiries");
    if (masterKeyIds == null) {
      throw new IllegalArgumentException("it has no secret that is still valid");
    }
    List<SecretKey> keys = new ArrayList<>();
    for (int i = 0; i < masterKeyIds.length; i++) {
      String text = secrets.open(masterKeyIds[i], ciphertexts[i].getBytes(), owner);
      keys.add(new SecretKey(text, expiries[i] == null ? null : expiries[i].toInstant()));
    }
    return keys;
  }

  /** A {@code jsonb} column that holds an object of strings. */
  static Map<String, String> strings(Row row, String column) {
    if (!(row.getValue(column) instanceof JsonObject object)) {
      throw new IllegalArgumentException(column + " is not an object");
    }
    Map<String, String> strings = new HashMap<>();
    for (Map.Entry<String, Object> entry : object) {
      if (!(entry.getValue() instanceof String value)) {
        throw new IllegalArgumentException(column + "." + entry.getKey() + " is not a string");
      }
      strings.put(entry.getKey(), value);
    }
    return strings;
  }
}
