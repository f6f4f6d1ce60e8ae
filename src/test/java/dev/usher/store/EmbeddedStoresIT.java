package dev.usher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.usher.testing.ChildJvm;
import dev.usher.testing.Signals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoresIT {
  private final Path temporary;

  EmbeddedStoresIT(@TempDir Path temporary) {
    this.temporary = temporary;
  }

  @Test
  void whatWasWrittenIsThereAfterARestart() throws Exception {
    try (DataDirectory directory = DataDirectory.open(temporary)) {
      try (EmbeddedStores stores = quick(directory)) {
        query(stores.postgresUri(), "CREATE TABLE kept AS SELECT 42 AS answer");
      }
    }
    try (DataDirectory directory = DataDirectory.open(temporary)) {
      try (EmbeddedStores stores = quick(directory)) {
        assertThat(query(stores.postgresUri(), "SELECT answer FROM kept")).isEqualTo("42");
      }
    }
  }

  @Test
  void theServerIsDurableAndPrivate() throws Exception {
    try (DataDirectory directory = DataDirectory.open(temporary);
        EmbeddedStores stores = EmbeddedStores.start(directory)) {
      assertThat(query(stores.postgresUri(), "SHOW fsync")).isEqualTo("on");
      assertThat(query(stores.postgresUri(), "SHOW synchronous_commit")).isEqualTo("on");
      assertThat(query(stores.postgresUri(), "SHOW full_page_writes")).isEqualTo("on");
      assertThat(query(stores.postgresUri(), "SHOW max_wal_size")).isEqualTo("4GB");
      String withoutPassword = stores.postgresUri().replaceFirst(":[^:@/]+@", ":wrong@");
      assertThatThrownBy(() -> query(withoutPassword, "SELECT 1"))
          .hasMessageContaining("password authentication failed");
      assertOnlyOnLoopback(URI.create(stores.postgresUri()).getPort());
      assertOnlyOnLoopback(URI.create(stores.redisUri()).getPort());
      assertThat(directory.path().resolve("postgres"))
          .satisfies(path -> assertThat(Files.getPosixFilePermissions(path)).hasSize(3));
    }
  }

  @Test
  void ctrlCReachesTheGatewayAloneSoThatItCanFlush() throws Exception {
    assumeThat(Command.succeeds("setsid", "true")).isTrue();
    try (ChildJvm gateway = ChildJvm.startGroup(StoresChild.class, temporary.toString())) {
      long postgres = Long.parseLong(gateway.await("postgres "));
      long redis = Long.parseLong(gateway.await("redis "));
      assertThat(group(gateway.pid())).isEqualTo(gateway.pid());
      assertThat(List.of(group(postgres), group(redis))).doesNotContain(gateway.pid());

      gateway.interruptGroup();

      assertThat(gateway.awaitExit()).as("%s", gateway.lines()).isEqualTo(128 + 2);
      assertThat(gateway.lines()).contains("flushed", "closed");
      assertEnded(postgres);
      assertEnded(redis);
    }
    try (DataDirectory directory = DataDirectory.open(temporary);
        EmbeddedStores stores = quick(directory)) {
      assertThat(query(stores.postgresUri(), "SELECT count(*) FROM flushed")).isEqualTo("50");
    }
  }

  @Test
  void theServersOfAKilledGatewayAreStoppedByTheNextStart() throws Exception {
    long postgres;
    long redis;
    try (ChildJvm gateway = ChildJvm.start(StoresChild.class, temporary.toString())) {
      postgres = Long.parseLong(gateway.await("postgres "));
      redis = Long.parseLong(gateway.await("redis "));
      gateway.kill();
    }
    assertThat(ProcessHandle.of(postgres)).isPresent();
    assertThat(ProcessHandle.of(redis)).isPresent();
    try (DataDirectory directory = DataDirectory.open(temporary);
        EmbeddedStores stores = quick(directory)) {
      assertEnded(postgres);
      assertEnded(redis);
      assertThat(query(stores.postgresUri(), "SELECT count(*) FROM flushed")).isEqualTo("0");
    }
  }

  @Test
  void aKilledPostgresRecovers() throws Exception {
    try (DataDirectory directory = DataDirectory.open(temporary);
        EmbeddedStores stores = quick(directory)) {
      query(stores.postgresUri(), "CREATE TABLE kept AS SELECT 42 AS answer");
      Signals.send("KILL", stores.postgres().pid());
      stores.postgres().start();
      assertThat(query(stores.postgresUri(), "SELECT answer FROM kept")).isEqualTo("42");
    }
  }

  @Test
  void anInitdbThatWasCutOffIsBegunAgain() throws Exception {
    Files.createDirectories(temporary.resolve("postgres.new/base"));
    Files.writeString(temporary.resolve("postgres.new/PG_VERSION"), "18");
    try (DataDirectory directory = DataDirectory.open(temporary);
        EmbeddedStores stores = quick(directory)) {
      assertThat(query(stores.postgresUri(), "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void aPidFileThatNamesAnotherProgramByNowStopsNobody() throws Exception {
    try (DataDirectory directory = DataDirectory.open(temporary)) {
      quick(directory).close();
      String somebodyElse = Long.toString(ProcessHandle.current().pid());
      Files.writeString(
          temporary.resolve("postgres/postmaster.pid"), somebodyElse + "\n" + temporary + "\n");
      Files.writeString(temporary.resolve("redis/redis.pid"), somebodyElse + "\n");
      try (EmbeddedStores stores = quick(directory)) {
        assertThat(query(stores.postgresUri(), "SELECT 1")).isEqualTo("1");
      }
    }
  }

  @Test
  void rootStartsPostgresAlsoWhereNamespacesAreForbidden() throws Exception {
    assumeThat(ServerUser.detect()).isEqualTo(ServerUser.NAMESPACE);
    assumeThat(ServerUser.NOBODY.works()).isTrue();
    try (DataDirectory directory = DataDirectory.open(temporary.resolve("for-root"))) {
      EmbeddedBinaries binaries = EmbeddedBinaries.cachedOr(directory.path());
      for (ServerUser user :
          List.of(ServerUser.NAMESPACE, ServerUser.NOBODY, ServerUser.NAMESPACE)) {
        EmbeddedPostgres postgres = new EmbeddedPostgres(directory, binaries, user, Map.of());
        postgres.start();
        assertThat(query(postgres.uri(), "SELECT 1")).isEqualTo("1");
        assertThat(postgres.pid()).isPositive();
        postgres.stop();
        assertThat(postgres.pid()).isZero();
      }
    }
  }

  @Test
  void aDistributionWithoutThemNamesTheVariablesToSet() {
    try (ChildJvm gateway =
        ChildJvm.startWith(
            jar -> !jar.toString().matches(".*(zonky|codemonstur|commons|tukaani).*"),
            StoresChild.class,
            temporary.toString())) {
      gateway.awaitExit();
      assertThat(String.join("\n", gateway.lines()))
          .contains(
              "embedded stores are not part of this distribution:"
                  + " set USHER_POSTGRES_URI and USHER_REDIS_URI");
    }
  }

  @Test
  void aServerThatDoesNotStartSaysWhyAndLeavesNoneBehind() {
    try (DataDirectory directory = DataDirectory.open(temporary)) {
      assertThatThrownBy(() -> EmbeddedStores.start(directory, Map.of("shared_buffers", "much")))
          .isInstanceOf(StoreFailure.class)
          .hasMessageContaining("shared_buffers");
      assertThat(ServerProcess.named(temporary.resolve("redis/redis.pid"))).isNull();
    }
  }

  // These tests end processes, never the machine.
  private static EmbeddedStores quick(DataDirectory directory) {
    return EmbeddedStores.start(directory, Map.of("fsync", "off"));
  }

  private static void assertEnded(long pid) {
    assertThat(ProcessHandle.of(pid).map(ServerProcess::new).filter(ServerProcess::isAlive))
        .isEmpty();
  }

  private static long group(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    // state, parent, group: the program's name before them may hold anything but its closing )
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[2]);
  }

  private static void assertOnlyOnLoopback(int port) throws IOException {
    for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(network.getInetAddresses())) {
        if (!address.isLoopbackAddress()) {
          assertThatThrownBy(
                  () -> {
                    try (Socket socket = new Socket()) {
                      socket.connect(new InetSocketAddress(address, port), 1_000);
                    }
                  })
              .isInstanceOf(IOException.class);
        }
      }
    }
  }

  private static String query(String uri, String sql) throws SQLException {
    try (Connection connection = PostgresUri.parse(uri).dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet result = statement.getResultSet()) {
        result.next();
        return result.getString(1);
      }
    }
  }
}
