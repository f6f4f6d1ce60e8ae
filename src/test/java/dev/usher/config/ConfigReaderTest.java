package dev.usher.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.Network;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every key and every default: whoever changes one changes this test, knowingly. */
class ConfigReaderTest {
  private static final String MASTER_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

  /** Of an authority made for this test; it ends in a hundred years. */
  private static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBhTCCASugAwIBAgIUA2E8qC1vCwZLPau6tVYpzQe0yg0wCgYIKoZIzj0EAwIw
      FzEVMBMGA1UEAwwMQW4gYXV0aG9yaXR5MCAXDTI2MTEyMzE4MjkyOVoYDzIxMjYx
      MDMwMTgyOTI5WjAXMRUwEwYDVQQDDAxBbiBhdXRob3JpdHkwWTATBgcqhkjOPQIB
      BggqhkjOPQMBBwNCAAQSmqbfZCe0Az9c9Jg7M+NqkZXAs++EEmkhaqqZYJm+NRz9
      WDfZ9aAOeUdX4i4P5iUnI83BsFaph5AoGNdy5htMo1MwUTAdBgNVHQ4EFgQUBIdB
      S7K3UijBF8h60hvIK81Fx3gwHwYDVR0jBBgwFoAUBIdBS7K3UijBF8h60hvIK81F
      x3gwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBZSOy8vfTVquBF
      MNGZaKjz5BhmFezNbo1CGMo48HeWJgIhAPtiBpWTcMfBeyj0rVgiNeVEF/fDGizV
      EW21EVuchzU6
      -----END CERTIFICATE-----
      """;

  @TempDir private Path directory;
  private Path certificate;
  private Path key;
  private Path authority;

  @BeforeEach
  void writeCertificate() throws IOException {
    certificate = Files.createFile(directory.resolve("cert.pem"));
    key = Files.createFile(directory.resolve("key.pem"));
    authority = Files.writeString(directory.resolve("ca.pem"), CERTIFICATE);
  }

  @Test
  void everyDefault() {
    assertThat(read(Map.of()))
        .isEqualTo(
            new UsherConfig(
                new IngressConfig(
                    new Listener("0.0.0.0", 8080, null),
                    List.of(),
                    1_048_576,
                    8_192,
                    Duration.ofSeconds(10),
                    4_096),
                new ControlConfig(new Listener("127.0.0.1", 8081, null)),
                new ManagementConfig(new Listener("127.0.0.1", 8082, null)),
                new StoreConfig(null, List.of(), Path.of(".usher"), 8),
                new SecurityConfig(null, null),
                new DeliveryConfig(
                    List.of(),
                    Set.of(443),
                    Duration.ofSeconds(15),
                    List.of(
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(30),
                        Duration.ofHours(2),
                        Duration.ofHours(5),
                        Duration.ofHours(10),
                        Duration.ofHours(10)),
                    64,
                    1_024,
                    16 * 1_048_576,
                    Duration.ofSeconds(15),
                    null,
                    null),
                new JournalConfig(
                    256, Duration.ofMillis(2), 2, 4_096, 16 * 1_048_576, Duration.ofSeconds(10)),
                new DedupeConfig(Duration.ofDays(3), Duration.ofMillis(50)),
                new RetentionConfig(Duration.ofDays(15), Duration.ofDays(365)),
                new RuntimeConfig(
                    Math.min(64, Runtime.getRuntime().availableProcessors()),
                    Duration.ofSeconds(30)),
                new LogConfig(LogConfig.Format.TEXT),
                new TracingConfig(null, null, 1)));
  }

  @Test
  void everyKeyFromTheEnvironment() {
    assertThat(read(variables())).isEqualTo(everythingSet());
  }

  @Test
  void everyKeyFromAFlatFile() throws IOException {
    Path file = write(flat(variables()));
    assertThat(ConfigReader.read(Map.of(), file)).isEqualTo(new ConfigResult.Read(everythingSet()));
  }

  @Test
  void theKeysAreTheseAndNoOthers() {
    assertThat(ConfigReader.keys().stream().map(Environment::variable))
        .containsExactlyInAnyOrderElementsOf(variables().keySet());
  }

  @Test
  void theDocumentationNamesEveryKey() throws IOException {
    String page = Files.readString(Path.of("docs/configuration.md"));
    assertThat(variables().keySet()).allMatch(name -> page.contains("`" + name + "`"));
  }

  @Test
  void mapsInMapsAndListsMeanTheSame() throws IOException {
    Path file =
        write(
            """
            # an operator's file
            ingress:
              port: 9080
              trusted-proxies:
                - 10.0.0.0/8
                - 2001:db8::/32
            delivery:
              retry-schedule: [1s, 2m]
            delivery.timeout: 20s
            management:
              # port: 9082
            retention: 20d
            """);
    UsherConfig config = config(ConfigReader.read(Map.of(), file));
    assertThat(config.ingress().listener().port()).isEqualTo(9080);
    assertThat(config.ingress().trustedProxies())
        .containsExactly(Network.parse("10.0.0.0/8"), Network.parse("2001:db8::/32"));
    assertThat(config.delivery().retrySchedule())
        .containsExactly(Duration.ofSeconds(1), Duration.ofMinutes(2));
    assertThat(config.delivery().timeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(config.management().listener().port()).isEqualTo(8082);
    assertThat(config.retention().retention()).isEqualTo(Duration.ofDays(20));
  }

  @Test
  void theEnvironmentWinsAlsoOverAWrongValue() throws IOException {
    Path file = write("ingress.port: many\nretention: 20d\n");
    UsherConfig config = config(ConfigReader.read(Map.of("USHER_INGRESS_PORT", "9090"), file));
    assertThat(config.ingress().listener().port()).isEqualTo(9090);
    assertThat(config.retention().retention()).isEqualTo(Duration.ofDays(20));
  }

  @Test
  void anEmptyVariableIsNotSet() {
    assertThat(read(Map.of("USHER_POSTGRES_URI", "", "USHER_RETENTION", " ")))
        .isEqualTo(read(Map.of()));
  }

  @Test
  void theFileIsFoundInTheWorkingDirectoryAndByItsVariable() throws IOException {
    Path usual = Files.writeString(directory.resolve("usher.yaml"), "retention: 30d");
    assertThat(retentionDays(ConfigReader.read(Map.of(), null, directory))).isEqualTo(30);

    Path other = Files.writeString(directory.resolve("other.yaml"), "retention: 40d");
    Map<String, String> named = Map.of("USHER_CONFIG", other.toString());
    assertThat(retentionDays(ConfigReader.read(named, null, directory))).isEqualTo(40);
    assertThat(retentionDays(ConfigReader.read(named, usual, directory))).isEqualTo(30);
  }

  @Test
  void anEmptyFileIsFine() throws IOException {
    assertThat(config(ConfigReader.read(Map.of(), write("# nothing\n")))).isEqualTo(read(Map.of()));
  }

  @Test
  void theLaunchersVariablesAreNoKeys() {
    assertThat(read(Map.of("USHER_JAVA_OPTIONS", "-Xmx1g", "HOME", "/root")))
        .isEqualTo(read(Map.of()));
  }

  @Test
  void noSecretIsEverShown() {
    String shown = read(variables()).toString();
    assertThat(shown).doesNotContain("sesame", "0123456789abcdef", MASTER_KEY);
    assertThat(shown).contains("db.example", "cache1.example");
  }

  private Map<String, String> variables() {
    return Map.ofEntries(
        Map.entry("USHER_INGRESS_HOST", "127.0.0.2"),
        Map.entry("USHER_INGRESS_PORT", "0"),
        Map.entry("USHER_INGRESS_TLS_CERTIFICATE", certificate.toString()),
        Map.entry("USHER_INGRESS_TLS_KEY", key.toString()),
        Map.entry("USHER_INGRESS_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::/32"),
        Map.entry("USHER_INGRESS_BODY_LIMIT", "2MiB"),
        Map.entry("USHER_INGRESS_HEADER_LIMIT", "16KiB"),
        Map.entry("USHER_INGRESS_BODY_DEADLINE", "5s"),
        Map.entry("USHER_INGRESS_CONNECTIONS", "100"),
        Map.entry("USHER_CONTROL_HOST", "localhost"),
        Map.entry("USHER_CONTROL_PORT", "9081"),
        Map.entry("USHER_CONTROL_TLS_CERTIFICATE", certificate.toString()),
        Map.entry("USHER_CONTROL_TLS_KEY", key.toString()),
        Map.entry("USHER_MANAGEMENT_HOST", "::1"),
        Map.entry("USHER_MANAGEMENT_PORT", "9082"),
        Map.entry("USHER_POSTGRES_URI", "postgresql://usher:sesame@db.example:5433/usher"),
        Map.entry("USHER_POSTGRES_CONNECTIONS", "4"),
        Map.entry(
            "USHER_REDIS_URI",
            "rediss://:sesame@cache1.example:6380, rediss://:sesame@cache2.example:6380"),
        Map.entry("USHER_DATA_DIR", "/var/lib/usher"),
        Map.entry("USHER_ADMIN_KEY", "0123456789abcdef"),
        Map.entry("USHER_MASTER_KEY", MASTER_KEY),
        Map.entry("USHER_DELIVERY_ALLOWED_NETWORKS", "127.0.0.0/8"),
        Map.entry("USHER_DELIVERY_ALLOWED_PORTS", "443,8443"),
        Map.entry("USHER_DELIVERY_TIMEOUT", "3s"),
        Map.entry("USHER_DELIVERY_RETRY_SCHEDULE", "250ms,1h"),
        Map.entry("USHER_DELIVERY_CONCURRENCY", "7"),
        Map.entry("USHER_DELIVERY_QUEUED_PER_ENDPOINT", "8"),
        Map.entry("USHER_DELIVERY_HELD_BYTES", "4194304"),
        Map.entry("USHER_DELIVERY_LEASE_DURATION", "1m"),
        Map.entry("USHER_DELIVERY_CA_FILE", authority.toString()),
        Map.entry("USHER_DELIVERY_PROXY", "http://usher:sesame@proxy.example:3128"),
        Map.entry("USHER_JOURNAL_MAX_EVENTS", "64"),
        Map.entry("USHER_JOURNAL_LINGER", "0ms"),
        Map.entry("USHER_JOURNAL_BATCHES_IN_FLIGHT", "3"),
        Map.entry("USHER_JOURNAL_BUFFERED_EVENTS", "1000"),
        Map.entry("USHER_JOURNAL_BUFFERED_BYTES", "8MiB"),
        Map.entry("USHER_JOURNAL_STATEMENT_TIMEOUT", "2s"),
        Map.entry("USHER_IDEMPOTENCY_WINDOW", "1d"),
        Map.entry("USHER_IDEMPOTENCY_LOOKUP_TIMEOUT", "20ms"),
        Map.entry("USHER_RETENTION", "2d"),
        Map.entry("USHER_AUDIT_RETENTION", "30d"),
        Map.entry("USHER_RUNTIME_EVENT_LOOPS", "5"),
        Map.entry("USHER_SHUTDOWN_GRACE", "1m"),
        Map.entry("USHER_LOG_FORMAT", "json"),
        Map.entry("USHER_TRACING_OTLP_ENDPOINT", "https://collector.example:4318"),
        Map.entry("USHER_TRACING_OTLP_HEADERS", "key=sesame"),
        Map.entry("USHER_TRACING_RATIO", "0.25"));
  }

  private UsherConfig everythingSet() {
    Tls tls = new Tls(certificate, key);
    return new UsherConfig(
        new IngressConfig(
            new Listener("127.0.0.2", 0, tls),
            List.of(Network.parse("10.0.0.0/8"), Network.parse("2001:db8::/32")),
            2 * 1_048_576,
            16_384,
            Duration.ofSeconds(5),
            100),
        new ControlConfig(new Listener("localhost", 9081, tls)),
        new ManagementConfig(new Listener("::1", 9082, null)),
        new StoreConfig(
            URI.create("postgresql://usher:sesame@db.example:5433/usher"),
            List.of("rediss://:sesame@cache1.example:6380", "rediss://:sesame@cache2.example:6380"),
            Path.of("/var/lib/usher"),
            4),
        new SecurityConfig(new Secret("0123456789abcdef"), new Secret(MASTER_KEY)),
        new DeliveryConfig(
            List.of(Network.parse("127.0.0.0/8")),
            Set.of(443, 8443),
            Duration.ofSeconds(3),
            List.of(Duration.ofMillis(250), Duration.ofHours(1)),
            7,
            8,
            4 * 1_048_576,
            Duration.ofMinutes(1),
            authority,
            new Proxy("proxy.example", 3128, "usher", new Secret("sesame"))),
        new JournalConfig(64, Duration.ZERO, 3, 1_000, 8 * 1_048_576, Duration.ofSeconds(2)),
        new DedupeConfig(Duration.ofDays(1), Duration.ofMillis(20)),
        new RetentionConfig(Duration.ofDays(2), Duration.ofDays(30)),
        new RuntimeConfig(5, Duration.ofMinutes(1)),
        new LogConfig(LogConfig.Format.JSON),
        new TracingConfig(
            URI.create("https://collector.example:4318"), new Secret("key=sesame"), 0.25));
  }

  private static String flat(Map<String, String> variables) {
    return Environment.entries(new TreeMap<>(variables)).entrySet().stream()
        .map(entry -> entry.getKey() + ": '" + entry.getValue().text() + "'")
        .collect(Collectors.joining("\n"));
  }

  private UsherConfig read(Map<String, String> variables) {
    return config(ConfigReader.read(variables, null, directory));
  }

  private static long retentionDays(ConfigResult result) {
    return config(result).retention().retention().toDays();
  }

  private static UsherConfig config(ConfigResult result) {
    return switch (result) {
      case ConfigResult.Read(UsherConfig config) -> config;
      case ConfigResult.Faulty(List<String> faults) -> throw new AssertionError(faults);
    };
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(directory.resolve("test.yaml"), yaml);
  }
}
