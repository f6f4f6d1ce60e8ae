package dev.usher.store;

import dev.usher.crypto.SecretBox;
import dev.usher.crypto.SecretBox.Sealed;
import dev.usher.crypto.SecretBox.UnopenableException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Seals everything in the database that is sealed under an earlier master key anew under the
 * current one, while gateways run. Each step is a short transaction of its own; a row that somebody
 * else has locked is left for a later look, so nobody who waits for us is waited for. Ended at any
 * moment, it goes on where it was when it is run again; run again at its end, it does nothing.
 *
 * <p>Blocks: not for an event loop.
 */
public final class MasterKeyRotation {
  private static final int ROWS = 200;
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** How often what is locked is looked for once more: API calls end within seconds. */
  private static final int MOST_PAUSES = 150;

  /**
   * Where sealed texts are.
   *
   * @param identity tells one row of the table from another
   * @param owner for whom the text is sealed
   */
  private record Place(
      String table, String identity, String owner, String keyId, String ciphertext) {}

  private static final List<Place> PLACES =
      List.of(
          new Place("secrets", "id::text", "owner_id", "master_key_id", "ciphertext"),
          new Place("endpoints", "id::text", "id", "tls_key_master_key_id", "tls_key"),
          new Place(
              "api_idempotency",
              "organization_id || key",
              "organization_id",
              "master_key_id",
              "answer"));

  private final PostgresUri uri;
  private final SecretBox box;
  private final List<String> damaged = new ArrayList<>();
  private int sealedAnew;

  /**
   * @param box knows the current master key and those that came before
   */
  public MasterKeyRotation(PostgresUri uri, SecretBox box) {
    this.uri = uri;
    this.box = box;
  }

  /**
   * What was done.
   *
   * @param sealedAnew texts that are sealed under the current key now
   * @param damaged tables and rows whose text does not open under the key that it names
   * @param left texts that are still sealed under another key, for each key's id: those of keys
   *     that are not configured, and the damaged ones
   */
  public record Result(int sealedAnew, List<String> damaged, Map<String, Integer> left) {}

  /**
   * Seals anew.
   *
   * @param progress told how many there are so far, after each step
   * @throws StoreFailure where the database cannot be reached, or rows stay locked for half a
   *     minute
   */
  public Result run(IntConsumer progress) {
    try (Connection connection = uri.dataSource().getConnection()) {
      connection.setAutoCommit(false);
      for (Place place : PLACES) {
        run(connection, place, progress);
      }
      return new Result(sealedAnew, List.copyOf(damaged), left(connection));
    } catch (SQLException e) {
      throw new StoreFailure(
          "Postgres at %s: %s; run it again, it goes on where it was"
              .formatted(uri.place(), e.getMessage()),
          e);
    }
  }

  private void run(Connection connection, Place place, IntConsumer progress) throws SQLException {
    List<String> passedOver = new ArrayList<>();
    for (int pauses = 0; pauses < MOST_PAUSES; ) {
      if (step(connection, place, passedOver)) {
        progress.accept(sealedAnew);
      } else if (isDone(connection, place, passedOver)) {
        return;
      } else {
        pauses++;
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
    throw new StoreFailure(
        "rows of %s stay locked by somebody else; run it again, it goes on where it was"
            .formatted(place.table));
  }

  /** Does a few rows and commits; false where there were none that nobody else has locked. */
  private boolean step(Connection connection, Place place, List<String> passedOver)
      throws SQLException {
    String select =
        "SELECT ctid::text, %s, %s, %s, %s FROM %s WHERE %s LIMIT ? FOR UPDATE SKIP LOCKED"
            .formatted(
                place.identity,
                place.owner,
                place.keyId,
                place.ciphertext,
                place.table,
                due(place));
    String update =
        "UPDATE %s SET %s = ?, %s = ? WHERE ctid = ?::tid"
            .formatted(place.table, place.keyId, place.ciphertext);
    int rows = 0;
    try (PreparedStatement due = connection.prepareStatement(select);
        PreparedStatement change = connection.prepareStatement(update)) {
      bind(connection, due, passedOver);
      due.setInt(3, ROWS);
      ResultSet found = due.executeQuery();
      while (found.next()) {
        rows++;
        seal(found, change, place, passedOver);
      }
      change.executeBatch();
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
    return rows > 0;
  }

  private void seal(ResultSet row, PreparedStatement change, Place place, List<String> passedOver)
      throws SQLException {
    UUID owner = row.getObject(3, UUID.class);
    try {
      Sealed sealed =
          box.seal(box.open(new Sealed(row.getString(4), row.getBytes(5)), owner), owner);
      change.setString(1, sealed.keyId());
      change.setBytes(2, sealed.ciphertext());
      change.setString(3, row.getString(1));
      change.addBatch();
      sealedAnew++;
    } catch (UnopenableException e) {
      passedOver.add(row.getString(2));
      damaged.add(place.table + " of " + owner);
    }
  }

  /** Whether nothing is left, locked or not. */
  private boolean isDone(Connection connection, Place place, List<String> passedOver)
      throws SQLException {
    String count = "SELECT count(*) FROM %s WHERE %s".formatted(place.table, due(place));
    try (PreparedStatement left = connection.prepareStatement(count)) {
      bind(connection, left, passedOver);
      ResultSet row = left.executeQuery();
      row.next();
      boolean done = row.getLong(1) == 0;
      connection.commit();
      return done;
    }
  }

  private static String due(Place place) {
    return "%s = ANY (?) AND %s <> ALL (?)".formatted(place.keyId, place.identity);
  }

  private void bind(Connection connection, PreparedStatement statement, List<String> passedOver)
      throws SQLException {
    Array keys = connection.createArrayOf("text", box.earlierKeyIds().toArray());
    statement.setArray(1, keys);
    statement.setArray(2, connection.createArrayOf("text", passedOver.toArray()));
  }

  private Map<String, Integer> left(Connection connection) throws SQLException {
    Map<String, Integer> left = new TreeMap<>();
    for (Place place : PLACES) {
      String count =
          "SELECT %1$s, count(*) FROM %2$s WHERE %1$s <> ? GROUP BY %1$s"
              .formatted(place.keyId, place.table);
      try (PreparedStatement others = connection.prepareStatement(count)) {
        others.setString(1, box.currentKeyId());
        ResultSet row = others.executeQuery();
        while (row.next()) {
          left.merge(row.getString(1), row.getInt(2), Integer::sum);
        }
      }
    }
    connection.commit();
    return left;
  }
}
