package dev.usher.testing;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plain SQL for arranging and asserting, past the code under test. */
public final class Sql {
  private Sql() {}

  /**
   * Runs one statement and returns its rows, each as the text of its columns; none for a statement
   * without a result.
   *
   * @param uri as {@link TestStores#postgresUri} gives it
   * @param parameters for each {@code ?}
   */
  public static List<List<@Nullable String>> run(
      String uri, String sql, @Nullable Object... parameters) {
    try (Connection connection = connect(uri);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.execute() ? rows(statement.getResultSet()) : List.of();
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  /** The single value that a query gives. */
  public static @Nullable String value(String uri, String sql, @Nullable Object... parameters) {
    return run(uri, sql, parameters).getFirst().getFirst();
  }

  /** A transaction that holds what it has locked until it is closed. */
  public record Locked(Connection connection) implements AutoCloseable {
    /** Does one thing more, and lets go of everything. */
    public void commit(String sql) throws SQLException {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.execute();
      }
      connection.commit();
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  /** Locks rows with a query {@code FOR UPDATE}. */
  public static Locked lock(String uri, String sql, @Nullable Object... parameters)
      throws SQLException {
    Connection connection = connect(uri);
    connection.setAutoCommit(false);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      statement.execute();
    }
    return new Locked(connection);
  }

  static Connection connect(String uri) throws SQLException {
    URI parts = URI.create(uri);
    String[] userInfo = parts.getUserInfo().split(":", 2);
    String place = "jdbc:postgresql://" + parts.getHost() + ":" + parts.getPort() + parts.getPath();
    return DriverManager.getConnection(place, userInfo[0], userInfo[1]);
  }

  private static List<List<@Nullable String>> rows(ResultSet result) throws SQLException {
    List<List<@Nullable String>> rows = new ArrayList<>();
    while (result.next()) {
      List<@Nullable String> row = new ArrayList<>();
      for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
        row.add(result.getString(column));
      }
      rows.add(row);
    }
    return rows;
  }
}
