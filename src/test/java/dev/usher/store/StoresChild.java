package dev.usher.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * A gateway as far as its stores go: holds a data directory, and flushes before it stops Postgres.
 */
final class StoresChild {
  private static final int ROWS_AT_SHUTDOWN = 50;

  private StoresChild() {}

  public static void main(String[] arguments) throws Exception {
    DataDirectory directory = DataDirectory.open(Path.of(arguments[0]));
    System.out.println("holds");
    EmbeddedStores stores = EmbeddedStores.start(directory, Map.of("fsync", "off"));
    execute(stores.postgresUri(), "CREATE TABLE IF NOT EXISTS flushed (n int)");
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  // A new connection each time: a Postgres that shuts down would refuse it.
                  for (int n = 0; n < ROWS_AT_SHUTDOWN; n++) {
                    execute(stores.postgresUri(), "INSERT INTO flushed VALUES (" + n + ")");
                  }
                  System.out.println("flushed");
                  stores.close();
                  directory.close();
                  System.out.println("closed");
                }));
    System.out.println("postgres " + stores.postgres().pid());
    System.out.println("redis " + stores.redis().pid());
    new CountDownLatch(1).await();
  }

  private static void execute(String uri, String sql) {
    try (Connection connection = PostgresUri.parse(uri).dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      System.out.println("failed: " + e);
      throw new IllegalStateException(e);
    }
  }
}
