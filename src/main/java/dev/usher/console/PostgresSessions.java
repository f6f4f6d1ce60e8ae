package dev.usher.console;

import dev.usher.control.Credential;
import dev.usher.event.ApiKeyId;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Sessions in Postgres, so that each node knows all of them and ending one ends it everywhere. */
public final class PostgresSessions implements Sessions {
  /** Unused it ends after an hour, and twelve hours after its begin in any case. */
  private static final String EXPIRY =
      "least(now() + interval '1 hour', created_at + interval '12 hours')";

  private final Pool pool;

  public PostgresSessions(Pool pool) {
    this.pool = pool;
  }

  @Override
  public Future<String> begin(Credential credential) {
    String token = Session.newToken();
    ApiKeyId key = credential.id();
    return deleteEnded()
        .compose(
            _ ->
                pool.preparedQuery(
                        """
                        INSERT INTO console_sessions (token_hash, key_id, key_hash, expires_at)
                        VALUES ($1, $2, $3, now() + interval '1 hour')
                        """)
                    .execute(
                        Tuple.of(
                            Buffer.buffer(Session.hash(token)),
                            key == null ? null : key.value(),
                            Buffer.buffer(credential.hash()))))
        .map(token);
  }

  /** A few at a time: as many end as begin. */
  private Future<Void> deleteEnded() {
    return pool.query(
            """
            DELETE FROM console_sessions WHERE token_hash = ANY (ARRAY (
              SELECT token_hash FROM console_sessions WHERE expires_at < now()
              LIMIT 100 FOR UPDATE SKIP LOCKED))
            """)
        .execute()
        .mapEmpty();
  }

  @Override
  public Future<Optional<Opened>> find(String token) {
    Tuple parameters = Tuple.of(Buffer.buffer(Session.hash(token)));
    return pool.preparedQuery(
            """
            SELECT key_id, key_hash, organization_id,
                   expires_at < %1$s - interval '1 minute' AS stale
            FROM console_sessions WHERE token_hash = $1 AND expires_at > now()
            """
                .formatted(EXPIRY))
        .execute(parameters)
        .compose(
            rows -> {
              if (rows.size() == 0) {
                return Future.succeededFuture(Optional.<Opened>empty());
              }
              Row row = rows.iterator().next();
              Optional<Opened> opened = Optional.of(opened(row));
              return row.getBoolean("stale")
                  ? prolong(parameters).map(opened)
                  : Future.succeededFuture(opened);
            });
  }

  private Future<Void> prolong(Tuple parameters) {
    return pool.preparedQuery(
            "UPDATE console_sessions SET expires_at = " + EXPIRY + " WHERE token_hash = $1")
        .execute(parameters)
        .mapEmpty();
  }

  @Override
  public Future<Void> enter(String token, @Nullable String organization) {
    OrganizationId id = organization == null ? null : OrganizationId.parse(organization);
    return pool.preparedQuery(
            "UPDATE console_sessions SET organization_id = $2 WHERE token_hash = $1")
        .execute(Tuple.of(Buffer.buffer(Session.hash(token)), id == null ? null : id.value()))
        .mapEmpty();
  }

  @Override
  public Future<Void> end(String token) {
    return pool.preparedQuery("DELETE FROM console_sessions WHERE token_hash = $1")
        .execute(Tuple.of(Buffer.buffer(Session.hash(token))))
        .mapEmpty();
  }

  private static Opened opened(Row row) {
    UUID key = row.getUUID("key_id");
    UUID organization = row.getUUID("organization_id");
    return new Opened(
        new Credential(
            key == null ? null : new ApiKeyId(key), row.getBuffer("key_hash").getBytes()),
        organization == null ? null : new OrganizationId(organization).toString());
  }
}
