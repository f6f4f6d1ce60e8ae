package dev.usher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestStores;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EmbeddedStoresExtension.class)
class MigrationsIT {
  private static final InstantSource LEAP_DAY =
      InstantSource.fixed(Instant.parse("2028-02-29T23:59:59Z"));

  private final TestStores stores;
  private final Migrations migrations = new Migrations(LEAP_DAY);

  MigrationsIT(TestStores stores) {
    this.stores = stores;
  }

  @Test
  void anEmptyDatabaseGetsTheWholeSchemaOnce() {
    String uri = emptyDatabase();
    Migrations.Result first = migrations.migrate(uri);
    assertThat(first.from()).isNull();
    assertThat(first.count()).isPositive();
    Migrations.Result second = migrations.migrate(uri);
    assertThat(second).isEqualTo(new Migrations.Result(first.to(), first.to(), 0));
  }

  @Test
  void aSchemaThatIsUpToDateIsKnownWithoutFlywayAndNoOtherIs() throws Exception {
    String uri = emptyDatabase();
    assertThat(known(uri)).isNull();
    Migrations.Result first = migrations.migrate(uri);
    assertThat(known(uri)).isEqualTo(first.to());
    Sql.run(uri, "UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '1'");
    assertThat(known(uri)).as("another V1 was applied").isNull();
    Sql.run(uri, "UPDATE flyway_schema_history SET checksum = checksum - 1 WHERE version = '1'");
    Sql.run(uri, "UPDATE flyway_schema_history SET success = false WHERE version = '2'");
    assertThat(known(uri)).as("V2 failed half way").isNull();
    Sql.run(uri, "DELETE FROM flyway_schema_history WHERE version = '2'");
    assertThat(known(uri)).as("V2 is missing").isNull();
  }

  private static @Nullable String known(String uri) throws SQLException {
    try (Connection connection = PostgresUri.parse(uri).dataSource().getConnection()) {
      return AppliedMigrations.version(connection);
    }
  }

  @Test
  void thePartitionsOfFourDaysAreThereForTheFirstInsert() {
    String uri = emptyDatabase();
    migrations.migrate(uri);
    List<String> partitions =
        Sql.run(uri, "SELECT relname FROM pg_class WHERE relname ~ '^events_[0-9]+$' ORDER BY 1")
            .stream()
            .map(row -> String.valueOf(row.getFirst()))
            .toList();
    assertThat(partitions)
        .containsExactly(
            "events_20280228", "events_20280229", "events_20280301", "events_20280302");
  }

  @Test
  void nodesThatStartTogetherMigrateOnce() throws Exception {
    String uri = emptyDatabase();
    try (ExecutorService nodes = Executors.newFixedThreadPool(3)) {
      Callable<Migrations.Result> node = () -> new Migrations(LEAP_DAY).migrate(uri);
      int applied = 0;
      for (Future<Migrations.Result> result : nodes.invokeAll(List.of(node, node, node))) {
        applied += result.get().count();
      }
      assertThat(String.valueOf(applied))
          .isEqualTo(
              Sql.value(
                  uri, "SELECT count(*) FROM flyway_schema_history WHERE version IS NOT NULL"));
    }
  }

  @Test
  void aSchemaOfANewerVersionIsLeftAlone() {
    String uri = emptyDatabase();
    migrations.migrate(uri);
    Sql.run(
        uri,
        "INSERT INTO flyway_schema_history SELECT 1000, '999.1', 'later', 'SQL', 'V999__later.sql',"
            + " 1, 'usher', now(), 1, true");
    assertThatThrownBy(() -> migrations.migrate(uri))
        .isInstanceOf(StoreFailure.class)
        .hasMessageContaining("is at version 999.1")
        .hasMessageContaining("use a newer Usher");
  }

  @Test
  void aWrongPasswordIsSaidAndNotShown() {
    String uri = stores.postgresUri().replaceFirst(":[^:@/]+@", ":hush-hush@");
    assertThatThrownBy(() -> migrations.migrate(uri))
        .isInstanceOf(StoreFailure.class)
        .hasMessageContaining("refuses user 'usher'")
        .hasMessageContaining("password")
        .hasStackTraceContaining("password authentication failed")
        .satisfies(failure -> assertNowhere("hush-hush", failure));
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String uri = "postgresql://usher:hush-hush@127.0.0.1:" + port + "/usher";
    assertThatThrownBy(() -> migrations.migrate(uri))
        .isInstanceOf(StoreFailure.class)
        .hasMessageContaining("cannot reach Postgres at 127.0.0.1:" + port + "/usher")
        .satisfies(failure -> assertNowhere("hush-hush", failure));
  }

  @Test
  void aDatabaseThatIsNotThereIsNamed() {
    String uri = stores.postgresUri().replaceFirst("/[a-z_0-9]+\\?", "/nowhere?");
    assertThatThrownBy(() -> migrations.migrate(uri))
        .isInstanceOf(StoreFailure.class)
        .hasMessageContaining("/nowhere")
        .hasMessageContaining("no such database");
  }

  @Test
  void userAndPasswordMayHoldAnyCharacter() {
    Sql.run(
        stores.postgresUri(), "CREATE ROLE \"us@er: /x\" LOGIN SUPERUSER PASSWORD 'p:/?#[]@%+ü'");
    String uri =
        stores
            .postgresUri()
            .replaceFirst("//[^@]+@", "//us%40er%3A%20%2Fx:p%3A%2F%3F%23%5B%5D%40%25+%C3%BC@");
    assertThat(migrations.migrate(uri).count()).isZero();
    Sql.run(stores.postgresUri(), "DROP OWNED BY \"us@er: /x\" CASCADE");
    Sql.run(stores.postgresUri(), "DROP ROLE \"us@er: /x\"");
  }

  private String emptyDatabase() {
    String name = "test_empty_" + UUID.randomUUID().toString().replace("-", "");
    Sql.run(stores.postgresUri(), "CREATE DATABASE " + name);
    return stores.postgresUri().replaceFirst("/[a-z_0-9]+\\?", "/" + name + "?");
  }

  private static void assertNowhere(String secret, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      assertThat(String.valueOf(cause.getMessage())).doesNotContain(secret);
    }
  }
}
