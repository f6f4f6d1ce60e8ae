package dev.usher.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EmbeddedStoresExtension.class)
class TestStoresIT {
  private final TestStores stores;

  TestStoresIT(TestStores stores) {
    this.stores = stores;
  }

  @Test
  void theSchemaIsThereAndEmpty() {
    assertThat(Sql.value(stores.postgresUri(), "SELECT count(*) FROM events")).isEqualTo("0");
    assertThat(Sql.value(stores.postgresUri(), "SELECT current_database()"))
        .matches("test_\\d+_teststoresit");
  }

  @Test
  void postgresComesBackAtTheSameAddressWithItsData() {
    Sql.run(stores.postgresUri(), "CREATE TABLE kept AS SELECT 42 AS answer");
    stores.stopPostgres();
    assertThatThrownBy(() -> Sql.run(stores.postgresUri(), "SELECT 1"))
        .hasStackTraceContaining("refused");
    stores.startPostgres();
    stores.killPostgres();
    stores.startPostgres();
    assertThat(Sql.value(stores.postgresUri(), "SELECT answer FROM kept")).isEqualTo("42");
  }

  @Test
  void redisComesBackAtTheSameAddressEmpty() throws IOException {
    assertThat(redis("SET k v")).isEqualTo("+OK");
    stores.stopRedis();
    assertThatThrownBy(() -> redis("PING")).isInstanceOf(IOException.class);
    stores.startRedis();
    assertThat(redis("EXISTS k")).isEqualTo(":0");
    assertThat(redis("SET k v")).isEqualTo("+OK");
    stores.flushRedis();
    assertThat(redis("EXISTS k")).isEqualTo(":0");
  }

  @Test
  void aPausedRedisAnswersNothingUntilItIsResumed() throws IOException {
    stores.pauseRedis();
    assertThatThrownBy(() -> redis("PING")).isInstanceOf(SocketTimeoutException.class);
    stores.resumeRedis();
    assertThat(redis("PING")).isEqualTo("+PONG");
  }

  @Nested
  class InNestedClasses {
    @Test
    void theSameStoresAreSeen(TestStores here) {
      assertThat(here).isSameAs(stores);
    }
  }

  private String redis(String command) throws IOException {
    URI uri = URI.create(stores.redisUri());
    String lines = "AUTH " + uri.getUserInfo().substring(1) + "\r\n" + command + "\r\n";
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(500);
      socket.getOutputStream().write(lines.getBytes(StandardCharsets.US_ASCII));
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      assertThat(reader.readLine()).isEqualTo("+OK");
      return String.valueOf(reader.readLine());
    }
  }
}
