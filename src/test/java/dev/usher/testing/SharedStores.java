package dev.usher.testing;

import dev.usher.store.DataDirectory;
import dev.usher.store.DataDirectoryInUse;
import dev.usher.store.EmbeddedStores;
import dev.usher.store.Migrations;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The servers that all test classes of a JVM share. Their data directory lies under {@code target}
 * and keeps its name, so servers that a killed test JVM left running are ended by the next run.
 */
final class SharedStores implements AutoCloseable {
  private static final String TEMPLATE = "usher_template";
  private static final int DIRECTORIES = 8; // test JVMs at the same time in one checkout

  private final DataDirectory directory;
  private final EmbeddedStores servers;
  private final Thread onInterrupt = new Thread(this::stop, "stop-test-stores");
  private final AtomicInteger lent = new AtomicInteger();

  private SharedStores(DataDirectory directory, EmbeddedStores servers) {
    this.directory = directory;
    this.servers = servers;
  }

  static SharedStores start() {
    DataDirectory directory = freeDirectory();
    // Tests kill processes, never the machine: what the kernel holds is safe, and fsync only slow.
    EmbeddedStores servers = EmbeddedStores.start(directory, Map.of("fsync", "off"));
    SharedStores shared = new SharedStores(directory, servers);
    Runtime.getRuntime().addShutdownHook(shared.onInterrupt);
    shared.prepareTemplate();
    return shared;
  }

  private static DataDirectory freeDirectory() {
    for (int number = 1; ; number++) {
      try {
        return DataDirectory.open(Path.of("target", "test-stores-" + number));
      } catch (DataDirectoryInUse e) {
        if (number == DIRECTORIES) {
          throw e;
        }
      }
    }
  }

  private void prepareTemplate() {
    for (String leftOver : databases()) {
      drop(leftOver);
    }
    execute("CREATE DATABASE " + TEMPLATE);
    new Migrations(InstantSource.system()).migrate(uri(TEMPLATE));
  }

  /** Running stores with nothing in them. */
  TestStores lend(String className) {
    String name =
        "test_%d_%s".formatted(lent.incrementAndGet(), className.toLowerCase(Locale.ROOT));
    repair();
    execute("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    TestStores stores = new TestStores(uri(name), servers.redisUri(), servers);
    stores.flushRedis();
    return stores;
  }

  /** Drops the class's database and any that it made itself, if their names begin with test_. */
  void takeBack() {
    repair();
    databases().stream().filter(name -> !name.equals(TEMPLATE)).forEach(this::drop);
  }

  private void repair() {
    if (servers.postgres().pid() == 0) {
      servers.postgres().start();
    }
    if (servers.redis().pid() == 0) {
      servers.redis().start();
    }
    Signals.send("CONT", servers.redis().pid());
  }

  private String uri(String database) {
    return servers.postgresUri().replace("/postgres?", "/" + database + "?");
  }

  private List<String> databases() {
    String query =
        "SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%' OR datname = '"
            + TEMPLATE
            + "'";
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<String> names = new ArrayList<>();
      while (rows.next()) {
        names.add(rows.getString(1));
      }
      return names;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void drop(String database) {
    execute("DROP DATABASE " + database + " WITH (FORCE)");
  }

  private void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  private Connection connect() throws SQLException {
    return Sql.connect(servers.postgresUri());
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onInterrupt);
    stop();
  }

  private void stop() {
    if (servers.redis().pid() != 0) {
      Signals.send("CONT", servers.redis().pid());
    }
    servers.close();
    directory.close();
  }
}
