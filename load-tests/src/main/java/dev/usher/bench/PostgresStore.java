package dev.usher.bench;

import dev.usher.measure.Latencies;
import dev.usher.process.Await;
import dev.usher.process.ProcessFailure;
import dev.usher.process.StoreFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The embedded Postgres of a gateway, asked from outside. Its address and password stand in the
 * gateway's data directory.
 */
final class PostgresStore implements AutoCloseable {
  private static final int FILLED_AT_ONCE = 100_000;
  private static final Duration SETTLED_BOUND = Duration.ofSeconds(60);
  private static final long COMMIT_EVERY_MILLIS = 10;

  private final Path data;
  private final Connection connection;

  private PostgresStore(Path data, Connection connection) {
    this.data = data;
    this.connection = connection;
  }

  /**
   * Connects.
   *
   * @param data the gateway's data directory
   * @throws ProcessFailure when it cannot
   */
  static PostgresStore of(Path data) throws IOException {
    try {
      PostgresStore store =
          new PostgresStore(
              data, DriverManager.getConnection(new StoreFiles(data).postgresJdbcUrl()));
      // What the bench asks is not the gateway's.
      store.execute("SET log_min_duration_statement = -1");
      return store;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Bytes of the write-ahead log so far. */
  long walBytes() {
    return number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')");
  }

  /** Waits until every delivery is settled, so that its attempt is logged. */
  void awaitSettled() throws InterruptedException {
    if (!Await.until(SETTLED_BOUND, () -> number("SELECT count(*) FROM deliveries") == 0)) {
      throw new ProcessFailure("deliveries are still due a minute after all were received");
    }
  }

  /** From now on Postgres writes each statement to its log, with its transaction and its sender. */
  StatementLog logStatements() {
    execute("ALTER SYSTEM SET log_line_prefix = 'TX%x %a: '");
    execute("ALTER SYSTEM SET log_parameter_max_length = 0");
    execute("ALTER SYSTEM SET log_min_duration_statement = 0");
    execute("SELECT pg_reload_conf()");
    return new StatementLog(data.resolve("postgres.log"));
  }

  void stopLoggingStatements() {
    execute("ALTER SYSTEM RESET log_min_duration_statement");
    execute("SELECT pg_reload_conf()");
  }

  /**
   * Puts events into the journal as if they had come earlier today, each with its key, and makes
   * the tables what they would be after a while: vacuumed, analyzed and written out.
   */
  void fill(int rows) {
    execute("SET synchronous_commit = off");
    for (int left = rows; left > 0; left -= FILLED_AT_ONCE) {
      execute(
          """
          WITH filler AS (
            SELECT s.organization_id, uuidv7() AS id
            FROM (SELECT organization_id FROM sources LIMIT 1) AS s, generate_series(1, %d)
          ), keys AS (
            INSERT INTO idempotency_keys (organization_id, key_hash, day, event_id, body_hash)
            SELECT organization_id, gen_random_uuid(), (now() AT TIME ZONE 'UTC')::date,
                   id, gen_random_uuid()
            FROM filler
          )
          INSERT INTO events (organization_id, id, idempotency_key, type, content_type, headers,
                              body)
          SELECT organization_id, id, id::text, 'bench.filler', 'application/json', '',
                 convert_to(repeat('x', 200), 'UTF8')
          FROM filler
          """
              .formatted(Math.min(left, FILLED_AT_ONCE)));
    }
    execute("VACUUM ANALYZE events, idempotency_keys");
    execute("CHECKPOINT");
  }

  /**
   * What a commit takes by itself: one small row every 10 ms, each in a transaction of its own,
   * from this process over a connection like the gateway's.
   */
  Latencies commits(BooleanSupplier goOn) throws InterruptedException {
    Latencies times = new Latencies();
    execute("CREATE TABLE IF NOT EXISTS bench_commits (at timestamptz, filler text)");
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO bench_commits VALUES (now(), repeat('x', 100))")) {
      while (goOn.getAsBoolean()) {
        long begun = System.nanoTime();
        insert.executeUpdate();
        times.record((System.nanoTime() - begun) / 1_000);
        Await.pause(Duration.ofMillis(COMMIT_EVERY_MILLIS));
      }
      return times;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private long number(String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getLong(1);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static ProcessFailure failure(SQLException e) {
    return new ProcessFailure("the gateway's Postgres: " + e.getMessage());
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(e);
    }
  }
}
