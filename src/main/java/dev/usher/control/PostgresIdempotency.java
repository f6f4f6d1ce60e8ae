package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.SecretSealer.Sealed;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * Remembers the answers to creating calls by their {@code Idempotency-Key} for 24 hours. The key is
 * claimed and the answer kept in the transaction that creates: either all of it is there or
 * nothing.
 */
final class PostgresIdempotency {
  private static final int FORGOTTEN_AT_ONCE = 100;

  private final SecretSealer sealer;

  PostgresIdempotency(SecretSealer sealer) {
    this.sealer = sealer;
  }

  /** What is known of a key. */
  sealed interface Claim {
    /** Nobody used it: the call goes on and its answer must be kept. */
    record First() implements Claim {}

    /** The same request was answered with this before. */
    record Repeated(Reply reply) implements Claim {}

    /** Another request used it. */
    record Conflict() implements Claim {}
  }

  /**
   * Claims {@code key}, or tells who has it. While another transaction holds the key this waits for
   * its end, at most 5 seconds: then it fails, see {@link PostgresFailure#isLockTimeout}.
   */
  Future<Claim> claim(
      PostgresTransaction transaction, UUID keySpace, String key, byte[] requestHash) {
    Tuple parameters = Tuple.of(keySpace, key, Buffer.buffer(requestHash));
    return transaction
        .execute("SET LOCAL lock_timeout = '5s'", Tuple.tuple())
        .compose(
            v ->
                transaction.execute(
                    """
                    INSERT INTO api_idempotency AS kept (organization_id, key, request_hash)
                    VALUES ($1, $2, $3)
                    ON CONFLICT (organization_id, key) DO UPDATE
                    SET request_hash = excluded.request_hash, created_at = now(),
                        master_key_id = NULL, answer = NULL
                    WHERE kept.created_at < now() - interval '24 hours'
                    """,
                    parameters))
        .compose(
            claimed ->
                claimed.rowCount() == 1
                    ? Future.succeededFuture(new Claim.First())
                    : earlier(transaction, keySpace, key, requestHash));
  }

  /** Keeps what the call that claimed {@code key} answered. */
  Future<Void> keep(PostgresTransaction transaction, UUID keySpace, String key, Reply reply) {
    Sealed sealed = sealer.seal(text(reply), keySpace);
    return transaction
        .execute(
            """
            UPDATE api_idempotency SET master_key_id = $3, answer = $4
            WHERE organization_id = $1 AND key = $2
            """,
            Tuple.of(keySpace, key, sealed.masterKeyId(), Buffer.buffer(sealed.ciphertext())))
        .compose(v -> forgetOld(transaction));
  }

  private Future<Claim> earlier(
      PostgresTransaction transaction, UUID keySpace, String key, byte[] requestHash) {
    return transaction
        .execute(
            """
            SELECT request_hash, master_key_id, answer FROM api_idempotency
            WHERE organization_id = $1 AND key = $2
            """,
            Tuple.of(keySpace, key))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              byte[] first = row.getBuffer("request_hash").getBytes();
              return MessageDigest.isEqual(first, requestHash)
                  ? new Claim.Repeated(open(row, keySpace))
                  : new Claim.Conflict();
            });
  }

  /**
   * A few at a time, so that the table stays small without a sweeper. Comes last in a transaction:
   * after it nothing is waited for, so the rows that it locks cannot be part of a deadlock.
   */
  private static Future<Void> forgetOld(PostgresTransaction transaction) {
    return transaction
        .execute(
            """
            DELETE FROM api_idempotency WHERE (organization_id, key) IN (
              SELECT organization_id, key FROM api_idempotency
              WHERE created_at < now() - interval '24 hours'
              ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED)
            """,
            Tuple.of(FORGOTTEN_AT_ONCE))
        .mapEmpty();
  }

  private static String text(Reply reply) {
    ObjectNode json =
        Json.object()
            .put("status", reply.status())
            .put("location", reply.location())
            .put("etag", reply.etag());
    json.set("body", reply.body());
    return new String(Json.bytes(json), StandardCharsets.UTF_8);
  }

  private Reply open(Row row, UUID keySpace) {
    Sealed sealed = new Sealed(row.getString("master_key_id"), row.getBuffer("answer").getBytes());
    JsonNode json = Json.trusted(sealer.open(sealed, keySpace));
    ObjectNode body = json.get("body") instanceof ObjectNode object ? object : null;
    return new Reply(
        json.get("status").intValue(),
        body,
        json.path("location").textValue(),
        json.path("etag").textValue(),
        true);
  }
}
