package dev.usher.delivery;

import dev.usher.process.ProcessFailure;
import dev.usher.process.StoreFiles;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The gateway's Postgres, asked and filled from outside. */
final class Journal implements AutoCloseable {
  private static final int FILLED_AT_ONCE = 50_000;

  private final Connection connection;

  private Journal(Connection connection) {
    this.connection = connection;
  }

  static Journal of(StoreFiles stores) throws IOException {
    try {
      return new Journal(DriverManager.getConnection(stores.postgresJdbcUrl()));
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /**
   * Makes deliveries due at an endpoint, each of an event of its own that is a copy of the latest
   * one of the endpoint's organization.
   *
   * @param url of the endpoint
   * @param bodyBytes of each body; 0 for the copied event's own
   */
  void makeDue(String url, int deliveries, int bodyBytes) {
    execute("SET synchronous_commit = off");
    String body = bodyBytes == 0 ? "t.body" : "convert_to(repeat('x', " + bodyBytes + "), 'UTF8')";
    for (int left = deliveries; left > 0; left -= FILLED_AT_ONCE) {
      execute(
          """
          WITH target AS (
            SELECT e.organization_id, e.id AS endpoint_id, v.type, v.body, v.headers
            FROM endpoints e
            CROSS JOIN LATERAL (SELECT type, body, headers FROM events
                                WHERE organization_id = e.organization_id ORDER BY id DESC LIMIT 1) v
            WHERE e.url = '%s' AND e.deleted_at IS NULL
          ), made AS (
            INSERT INTO events (organization_id, id, idempotency_key, type, content_type, headers,
                                body)
            SELECT t.organization_id, uuidv7(), 'filler-' || n, t.type, 'application/json',
                   t.headers, %s
            FROM target t, generate_series(1, %d) n
            RETURNING organization_id, id
          )
          INSERT INTO deliveries (organization_id, event_id, endpoint_id, due_at)
          SELECT m.organization_id, m.id, t.endpoint_id, now() FROM made m, target t
          """
              .formatted(url, body, Math.min(left, FILLED_AT_ONCE)));
    }
    execute("VACUUM ANALYZE events");
    execute("VACUUM ANALYZE deliveries");
    execute("CHECKPOINT");
  }

  /** Numbers of the leases that a gateway holds. */
  List<Long> leases(long pid) {
    return numbers("SELECT id FROM nodes WHERE name LIKE '" + pid + "/%'");
  }

  /** Seconds until the last of these leases ends; below 0 where it has. */
  double secondsLeft(String leases) {
    return decimal(
        "SELECT coalesce(extract(epoch FROM max(lease_until) - now()), 0)::float8 FROM nodes"
            + " WHERE id IN ("
            + leases
            + ")");
  }

  /** The keys of events whose deliveries bear these leases. */
  List<String> held(String leases) {
    List<String> keys = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT e.idempotency_key FROM deliveries d JOIN events e"
                    + " ON e.organization_id = d.organization_id AND e.id = d.event_id"
                    + " WHERE d.node_id IN ("
                    + leases
                    + ")")) {
      while (rows.next()) {
        keys.add(rows.getString(1));
      }
      return keys;
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** Deliveries that are not settled. */
  long due() {
    return numbers("SELECT count(*) FROM deliveries").getFirst();
  }

  private double decimal(String query) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getDouble(1);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private List<Long> numbers(String query) {
    List<Long> numbers = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
      return numbers;
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
