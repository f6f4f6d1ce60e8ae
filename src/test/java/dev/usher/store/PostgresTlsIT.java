package dev.usher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server with a certificate of its own making, for localhost only. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresTlsIT {
  private static final String ENCRYPTED =
      "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

  private final Vertx vertx = Vertx.vertx();
  private final Path certificate;
  private final DataDirectory directory;
  private final EmbeddedStores stores;

  PostgresTlsIT(@TempDir Path temporary) throws Exception {
    certificate = temporary.resolve("server.crt");
    Path key = temporary.resolve("server.key");
    makeCertificate(temporary.resolve("server.p12"), certificate, key);
    directory = DataDirectory.open(temporary.resolve("data"));
    stores =
        EmbeddedStores.start(
            directory,
            Map.of(
                "ssl", "on",
                "ssl_cert_file", certificate.toString(),
                "ssl_key_file", key.toString()));
  }

  @AfterAll
  void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
    stores.close();
    directory.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?sslmode=prefer", "?sslmode=require"})
  void theConnectionIsEncryptedWhereverTheServerCan(String parameters) throws Exception {
    assertEncrypted(uri("127.0.0.1", parameters), true);
  }

  @Test
  void nothingIsEncryptedWhereThatIsTurnedOff() throws Exception {
    assertEncrypted(uri("127.0.0.1", "?sslmode=disable"), false);
  }

  @Test
  void theAuthorityIsVerified() throws Exception {
    assertEncrypted(uri("127.0.0.1", "?sslmode=verify-ca&sslrootcert=" + certificate), true);
    assertRefused(uri("127.0.0.1", "?sslmode=verify-ca")); // Java does not know this authority
  }

  @Test
  void theHostIsVerified() throws Exception {
    assertEncrypted(uri("localhost", "?sslmode=verify-full&sslrootcert=" + certificate), true);
    assertRefused(uri("127.0.0.1", "?sslmode=verify-full&sslrootcert=" + certificate));
  }

  private void assertEncrypted(PostgresUri uri, boolean expected) throws Exception {
    try (Connection connection = uri.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(ENCRYPTED)) {
      result.next();
      assertThat(result.getBoolean(1)).isEqualTo(expected);
    }
    Pool pool = PostgresPools.control(vertx, uri, 1);
    assertThat(
            pool.query(ENCRYPTED)
                .execute()
                .await(20, TimeUnit.SECONDS)
                .iterator()
                .next()
                .getBoolean(0))
        .isEqualTo(expected);
  }

  private void assertRefused(PostgresUri uri) {
    assertThatThrownBy(() -> uri.dataSource().getConnection()).isNotNull();
    Pool pool = PostgresPools.control(vertx, uri, 1);
    assertThatThrownBy(() -> pool.query(ENCRYPTED).execute().await(20, TimeUnit.SECONDS))
        .isNotNull()
        .isNotInstanceOf(java.util.concurrent.TimeoutException.class);
  }

  private PostgresUri uri(String host, String parameters) {
    URI own = URI.create(stores.postgresUri());
    return PostgresUri.parse(
        "postgresql://%s@%s:%d/postgres%s"
            .formatted(own.getUserInfo(), host, own.getPort(), parameters));
  }

  private static void makeCertificate(Path store, Path certificate, Path key) throws Exception {
    Command.run(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString()))
        .orFail("keytool");
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
    DataDirectory.writePrivately(
        key, pem("PRIVATE KEY", keys.getKey("server", "changeit".toCharArray()).getEncoded()));
  }

  private static String pem(String what, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n";
  }
}
