package dev.usher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresUriTest {
  @Test
  void bothClientsUnderstandTheSameThing() {
    PostgresUri uri =
        PostgresUri.parse(
            "postgresql://us%40er:p%3A%2F%3F%25+w@db_1.example:6543/my%20db"
                + "?sslmode=verify-full&application_name=usher%201");
    PGSimpleDataSource jdbc = uri.dataSource();
    PgConnectOptions vertx = uri.connectOptions();

    assertThat(jdbc.getServerNames()).containsExactly("db_1.example");
    assertThat(vertx.getHost()).isEqualTo("db_1.example");
    assertThat(jdbc.getPortNumbers()).containsExactly(6543);
    assertThat(vertx.getPort()).isEqualTo(6543);
    assertThat(jdbc.getDatabaseName()).isEqualTo(vertx.getDatabase()).isEqualTo("my db");
    assertThat(jdbc.getUser()).isEqualTo(vertx.getUser()).isEqualTo("us@er");
    assertThat(jdbc.getPassword()).isEqualTo(vertx.getPassword()).isEqualTo("p:/?%+w");
    assertThat(jdbc.getSslMode()).isEqualTo("verify-full");
    assertThat(vertx.getSslMode()).isEqualTo(SslMode.VERIFY_FULL);
    assertThat(vertx.getSslOptions().getHostnameVerificationAlgorithm()).isEqualTo("HTTPS");
    assertThat(jdbc.getApplicationName()).isEqualTo("usher 1");
    assertThat(vertx.getProperties()).containsEntry("application_name", "usher 1");
  }

  @Test
  void whatIsLeftOutIsAsInLibpq() {
    PostgresUri uri = PostgresUri.parse("postgres://someone@localhost");
    assertThat(uri.port()).isEqualTo(5432);
    assertThat(uri.database()).isEqualTo("someone");
    assertThat(uri.password()).isNull();
    assertThat(uri.sslMode()).isEqualTo(SslMode.PREFER);
  }

  @Test
  void anIpv6AddressLosesItsBrackets() {
    PostgresUri uri = PostgresUri.parse("postgresql://u:p@[2001:db8::1]:5433/d");
    assertThat(uri.host()).isEqualTo("2001:db8::1");
    assertThat(uri.place()).isEqualTo("[2001:db8::1]:5433/d");
  }

  @Test
  void aPasswordMayHoldColonsAndAtSigns() {
    assertThat(PostgresUri.parse("postgresql://u:a:b@c@h/d").password()).isEqualTo("a:b@c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:hush@h/d",
        "jdbc:postgresql://u:hush@h/d",
        "postgresql://u:hush@h1,h2/d",
        "postgresql://u:hush@h:99999/d",
        "postgresql://u:hush@h:port/d",
        "postgresql://u:hush@/d",
        "postgresql://:hush@h/d",
        "postgresql://u:hu%zzsh@h/d",
        "postgresql://u:hush@h/d?sslmode=maybe",
        "postgresql://u:hush@h/d?options=-c",
        "postgresql://u:hush/slash@h/d",
        "hush",
        ""
      })
  void aFaultIsExplainedWithoutThePassword(String text) {
    assertThatThrownBy(() -> PostgresUri.parse(text))
        .isInstanceOf(StoreFailure.class)
        .hasMessageStartingWith("the Postgres URI")
        .hasMessageMatching("(?s).*(expected|known).*")
        .message()
        .doesNotContain("hush", "hu%zzsh");
  }

  @Test
  void itsTextHidesThePassword() {
    assertThat(PostgresUri.parse("postgresql://u:hush@h:1/d")).hasToString("postgresql://u@h:1/d");
  }
}
