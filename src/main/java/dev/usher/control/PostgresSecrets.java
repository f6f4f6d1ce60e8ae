package dev.usher.control;

import dev.usher.control.SecretSealer.Sealed;
import dev.usher.event.OrganizationId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of sources and endpoints, encrypted. Each owner has one current secret, and during a
 * rotation's overlap earlier ones that still count until they expire.
 */
final class PostgresSecrets {
  private final Pool pool;
  private final SecretSealer sealer;
  private final InstantSource clock;

  PostgresSecrets(Pool pool, SecretSealer sealer, InstantSource clock) {
    this.pool = pool;
    this.sealer = sealer;
    this.clock = clock;
  }

  /**
   * A secret that counts now.
   *
   * @param expiresAt null for the current one
   */
  record LiveSecret(String text, Instant createdAt, @Nullable Instant expiresAt) {
    @Override
    public String toString() {
      return "LiveSecret[hidden, expiresAt=" + expiresAt + "]";
    }
  }

  /** Makes {@code secret} the owner's current one. */
  Future<Void> add(
      PostgresTransaction transaction, OrganizationId organization, UUID owner, String secret) {
    Sealed sealed = sealer.seal(secret, owner);
    return transaction
        .execute(
            """
            INSERT INTO secrets (organization_id, owner_id, id, master_key_id, ciphertext)
            VALUES ($1, $2, $3, $4, $5)
            """,
            Tuple.of(
                organization.value(),
                owner,
                UuidV7.unguessable(clock),
                sealed.masterKeyId(),
                Buffer.buffer(sealed.ciphertext())))
        .mapEmpty();
  }

  /**
   * Lets all the owner's secrets expire after {@code overlap}, or earlier where an earlier rotation
   * said so, and forgets those that have expired.
   *
   * @return how many still count
   */
  Future<Integer> expire(
      PostgresTransaction transaction, OrganizationId organization, UUID owner, Duration overlap) {
    return transaction
        .execute(
            """
            UPDATE secrets
            SET expires_at = least(coalesce(expires_at, 'infinity'), now() + $3 * interval '1 ms')
            WHERE organization_id = $1 AND owner_id = $2
            """,
            Tuple.of(organization.value(), owner, (double) overlap.toMillis()))
        .compose(
            expiring ->
                transaction
                    .execute(
                        """
                        DELETE FROM secrets
                        WHERE organization_id = $1 AND owner_id = $2 AND expires_at <= now()
                        """,
                        Tuple.of(organization.value(), owner))
                    .map(expired -> expiring.rowCount() - expired.rowCount()));
  }

  /** Forgets all the owner's secrets. */
  Future<Void> delete(PostgresTransaction transaction, OrganizationId organization, UUID owner) {
    return transaction
        .execute(
            "DELETE FROM secrets WHERE organization_id = $1 AND owner_id = $2",
            Tuple.of(organization.value(), owner))
        .mapEmpty();
  }

  /** The owner's secrets that count now, the current one first. */
  Future<List<LiveSecret>> live(OrganizationId organization, UUID owner) {
    return pool.preparedQuery(
            """
            SELECT master_key_id, ciphertext, created_at, expires_at FROM secrets
            WHERE organization_id = $1 AND owner_id = $2
              AND (expires_at IS NULL OR expires_at > now())
            ORDER BY expires_at IS NULL DESC, id DESC
            """)
        .execute(Tuple.of(organization.value(), owner))
        .map(rows -> PostgresRows.all(rows, row -> open(row, owner)));
  }

  private LiveSecret open(Row row, UUID owner) {
    Sealed sealed =
        new Sealed(row.getString("master_key_id"), row.getBuffer("ciphertext").getBytes());
    return new LiveSecret(
        sealer.open(sealed, owner),
        PostgresRows.time(row, "created_at"),
        PostgresRows.timeOrNull(row, "expires_at"));
  }
}
