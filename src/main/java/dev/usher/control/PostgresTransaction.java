package dev.usher.control;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** A transaction in progress, which calls hand from store to store without looking inside. */
final class PostgresTransaction {
  private final SqlConnection connection;

  PostgresTransaction(SqlConnection connection) {
    this.connection = connection;
  }

  Future<RowSet<Row>> execute(String sql, Tuple parameters) {
    return connection.preparedQuery(sql).execute(parameters);
  }
}
