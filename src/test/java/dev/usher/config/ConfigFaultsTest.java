package dev.usher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an operator is told: every fault, in one line that names key, value and what was expected.
 */
class ConfigFaultsTest {
  private static final String MASTER_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

  @TempDir private Path directory;

  @Test
  void allFaultsAreReportedAtOnce() throws IOException {
    Path file =
        write(
            """
            ingress:
              port: 70000
              body-limit: 1 GB
            journal.linger: 60ms
            journal.max-events: 0
            log.colour: red
            """);
    Map<String, String> variables =
        Map.of(
            "USHER_DELIVERY_TIMEOUT", "15",
            "USHER_INGRESS_TLS_KEY", "/nowhere/key.pem",
            "USHER_IDEMPOTENCY_WINDOW", "20d",
            "USHER_LOG_FORMAT", "xml",
            "USHER_POSTGRES_URI", "mysql://root:sesame@db",
            "USHER_RETRY_SCHEDULE", "5s");
    assertThat(faults(variables, file))
        .containsExactlyInAnyOrder(
            file + ":2 ingress.port: '70000', expected a number from 0 to 65535",
            file + ":3 ingress.body-limit: '1 GB', expected a size such as 512KiB or 16MiB",
            file + ":4 journal.linger: '60ms', expected a duration from 0ms to 50ms",
            file + ":5 journal.max-events: '0', expected a number from 1 to 4096",
            file + ":6 log.colour: unknown key, the nearest known is log.format",
            "USHER_DELIVERY_TIMEOUT: '15', expected a duration such as 250ms, 15s, 5m or 3d",
            "USHER_INGRESS_TLS_KEY: '/nowhere/key.pem', expected a file that can be read",
            "USHER_INGRESS_TLS_CERTIFICATE: missing, expected both ingress.tls-certificate and"
                + " ingress.tls-key, or none of them for plain HTTP",
            "USHER_IDEMPOTENCY_WINDOW: '20d', expected at most retention, 15d",
            "USHER_LOG_FORMAT: 'xml', expected text or json",
            "USHER_POSTGRES_URI: (hidden), expected postgresql://user:password@host:port/database"
                + " (special characters percent-encoded)",
            "USHER_REDIS_URI: missing, expected both postgres.uri and redis.uri, or none of them"
                + " for the embedded stores",
            "USHER_ADMIN_KEY: missing, expected 16 to 256 visible ASCII characters, because"
                + " postgres.uri is given",
            "USHER_MASTER_KEY: missing, expected 32 bytes in base64 (openssl rand -base64 32 makes"
                + " one), because postgres.uri is given",
            "USHER_RETRY_SCHEDULE: unknown key, the nearest known is"
                + " USHER_DELIVERY_RETRY_SCHEDULE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          INGRESS_HOST               | two words   | a host name or an address
          INGRESS_PORT               | -1          | a number from 0 to 65535
          INGRESS_PORT               | http        | a whole number
          INGRESS_PORT               | 99999999999 | a whole number
          INGRESS_BODY_LIMIT         | 1023        | a size from 1KiB to 16MiB
          INGRESS_BODY_LIMIT         | 9999999999  | a size such as 512KiB or 16MiB
          INGRESS_HEADER_LIMIT       | 65KiB       | a size from 1KiB to 64KiB
          INGRESS_BODY_DEADLINE      | 99ms        | a duration from 100ms to 1m
          INGRESS_CONNECTIONS        | 0           | a number from 1 to 100000
          INGRESS_TRUSTED_PROXIES    | 10.0.0.1/8  | networks such as
          INGRESS_TRUSTED_PROXIES    | localhost   | networks such as
          INGRESS_TRUSTED_PROXIES    | 10.0.0.0/8, | networks such as
          CONTROL_PORT               | 65536       | a number from 0 to 65535
          MANAGEMENT_HOST            | a/b         | a host name or an address
          POSTGRES_CONNECTIONS       | 101         | a number from 1 to 100
          DELIVERY_ALLOWED_NETWORKS  | 300.0.0.0/8 | networks such as
          DELIVERY_TIMEOUT           | 999ms       | a duration from 1s to 30s
          DELIVERY_TIMEOUT           | 31s         | a duration from 1s to 30s
          DELIVERY_TIMEOUT           | -5s         | a duration such as
          DELIVERY_RETRY_SCHEDULE    | 5s,,5m      | durations such as
          DELIVERY_RETRY_SCHEDULE    | 0ms         | 1 to 30 durations from 1ms to 7d
          DELIVERY_RETRY_SCHEDULE    | 8d          | 1 to 30 durations from 1ms to 7d
          DELIVERY_CONCURRENCY       | 1001        | a number from 1 to 1000
          DELIVERY_QUEUED_PER_ENDPOINT | 0         | a number from 1 to 100000
          DELIVERY_HELD_BYTES        | 2047MiB     | a size from 1MiB to 1024MiB
          DELIVERY_LEASE_DURATION    | 4s          | a duration from 5s to 5m
          DELIVERY_CA_FILE           | /nowhere    | a PEM file with at least one certificate
          DELIVERY_CA_FILE           | pom.xml     | a PEM file with at least one certificate
          JOURNAL_MAX_EVENTS         | 4097        | a number from 1 to 4096
          JOURNAL_LINGER             | 51ms        | a duration from 0ms to 50ms
          JOURNAL_BATCHES_IN_FLIGHT  | 9           | a number from 1 to 8
          JOURNAL_BUFFERED_EVENTS    | 0           | a number from 1 to 1000000
          JOURNAL_BUFFERED_BYTES     | 1KiB        | a size from 1MiB to 1024MiB
          JOURNAL_STATEMENT_TIMEOUT  | 31s         | a duration from 1s to 30s
          IDEMPOTENCY_WINDOW         | 59m         | a duration from 1h to 30d
          IDEMPOTENCY_LOOKUP_TIMEOUT | 2s          | a duration from 1ms to 1s
          RETENTION                  | 366d        | a duration from 1d to 365d
          RUNTIME_EVENT_LOOPS        | 65          | a number from 1 to 64
          SHUTDOWN_GRACE             | 11m         | a duration from 1s to 10m
          LOG_FORMAT                 | logfmt      | text or json
          """)
  void aValueOutOfItsRangeIsOneFault(String variable, String value, String expected) {
    assertThat(faults(Map.of("USHER_" + variable, value), null))
        .singleElement()
        .asString()
        .startsWith("USHER_" + variable + ": '" + value + "', expected ")
        .contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sesame:3128", "https://sesame:1", "http://sesame", "http://sesame@proxy:1"})
  void aProxyMustBeNamedInFullAndIsNeverShown(String proxy) {
    assertThat(faults(Map.of("USHER_DELIVERY_PROXY", proxy), null))
        .singleElement()
        .asString()
        .startsWith("USHER_DELIVERY_PROXY: (hidden), expected http://host:port or http://user:")
        .doesNotContain("sesame");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:sesame@db/usher",
        "postgresql://db/usher",
        "postgresql://:sesame@db/usher",
        "postgresql://u:sesame@db",
        "postgresql://u:sesame@db/",
        "postgresql://u:sesame@/usher",
        "postgresql://u:sesame@db:99999/usher",
        "postgresql://u:sesame with spaces@db/usher",
        "u:sesame"
      })
  void aPostgresAddressIsWholeAndNeverShown(String uri) {
    Map<String, String> variables =
        Map.of(
            "USHER_POSTGRES_URI",
            uri,
            "USHER_REDIS_URI",
            "redis://cache",
            "USHER_ADMIN_KEY",
            "0123456789abcdef",
            "USHER_MASTER_KEY",
            MASTER_KEY);
    assertThat(faults(variables, null))
        .singleElement()
        .asString()
        .startsWith("USHER_POSTGRES_URI: (hidden), expected postgresql://user:password@host");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://cache",
        "cache:6379",
        "redis://:sesame@",
        "redis://cache,",
        "redis://one,rediss://two",
        "redis://:a@one,redis://:b@two",
        "redis://one/1,redis://two/1",
        "redis://one,redis://two?db=1",
        "redis://:ses ame@cache"
      })
  void aRedisAddressIsWholeAndNeverShown(String uris) {
    Map<String, String> variables =
        Map.of(
            "USHER_POSTGRES_URI",
            "postgresql://u@db/usher",
            "USHER_REDIS_URI",
            uris,
            "USHER_ADMIN_KEY",
            "0123456789abcdef",
            "USHER_MASTER_KEY",
            MASTER_KEY);
    assertThat(faults(variables, null))
        .singleElement()
        .asString()
        .startsWith("USHER_REDIS_URI: (hidden), expected redis://host:port");
  }

  @Test
  void redisWithoutPostgresIsHalfAStore() {
    assertThat(faults(Map.of("USHER_REDIS_URI", "redis://cache"), null))
        .containsExactly(
            "USHER_POSTGRES_URI: missing, expected both postgres.uri and redis.uri, or none of"
                + " them for the embedded stores");
  }

  @Test
  void keysAreNeverShown() throws IOException {
    Path file = write("admin.key: sesame\nmaster.key: c2VzYW1l\nmaster.kye: sesame\n");
    assertThat(faults(Map.of(), file))
        .containsExactly(
            file + ":1 admin.key: (hidden), expected 16 to 256 visible ASCII characters",
            file
                + ":2 master.key: (hidden), expected 32 bytes in base64 (openssl rand -base64 32"
                + " makes one)",
            file + ":3 master.kye: unknown key, the nearest known is master.key");
  }

  @Test
  void anAdminKeyThatNoHeaderCanCarryIsRefused() {
    assertThat(faults(Map.of("USHER_ADMIN_KEY", "0123456789 abcdef"), null)).hasSize(1);
    assertThat(faults(Map.of("USHER_ADMIN_KEY", "0123456789abcdéf"), null)).hasSize(1);
  }

  @Test
  void whatThePartsDemandOfEachOther() {
    assertThat(
            faults(
                Map.of(
                    "USHER_CONTROL_PORT", "8080",
                    "USHER_INGRESS_BODY_LIMIT", "9MiB",
                    "USHER_JOURNAL_BUFFERED_EVENTS", "100",
                    "USHER_RETENTION", "1d"),
                null))
        .containsExactlyInAnyOrder(
            "USHER_CONTROL_PORT: '8080', expected another port than ingress.port",
            "USHER_JOURNAL_BUFFERED_BYTES: 16MiB (the default), expected at least twice"
                + " ingress.body-limit, 18MiB",
            "USHER_DELIVERY_HELD_BYTES: 16MiB (the default), expected at least twice"
                + " ingress.body-limit, 18MiB",
            "USHER_JOURNAL_BUFFERED_EVENTS: '100', expected at least journal.max-events, 256",
            "USHER_IDEMPOTENCY_WINDOW: 3d (the default), expected at most retention, 1d",
            "USHER_DELIVERY_RETRY_SCHEDULE: 5s,5m,30m,2h,5h,10h,10h (the default), expected waits"
                + " that end within retention, 1d, each 20 % longer");
  }

  @Test
  void listenersOnAnyFreePortNeverCollide() {
    assertThat(
            ConfigReader.read(
                Map.of(
                    "USHER_INGRESS_PORT", "0",
                    "USHER_CONTROL_PORT", "0",
                    "USHER_MANAGEMENT_PORT", "0"),
                null,
                directory))
        .isInstanceOf(ConfigResult.Read.class);
  }

  @Test
  void aFaultIsOneLineWhateverTheValueHolds() {
    String value = "a\nUSHER_ADMIN_KEY: fine\u0007" + "x".repeat(1_000);
    assertThat(faults(Map.of("USHER_LOG_FORMAT", value), null))
        .singleElement()
        .asString()
        .hasSizeLessThan(200)
        .doesNotContain("\n", "\u0007");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "retention: 20d\\nretention: 30d         | :2 retention: given twice, first in",
        "log.format: text\\nlog: {format: json}  | :2 log.format: given twice, first in",
        "- a\\n- b                               | :1: expected keys with values",
        "'just text'                             | :1: expected keys with values",
        "log:\\n\\tformat: text                  | :2: not valid YAML",
        "log.format: 'text                       | :1: not valid YAML",
        "? [a, b]\\n: c                          | :1: expected a key",
        "redis.uri: [[a]]                        | :1 redis.uri: expected a list of plain values",
        "a: &x {log.format: text}\\nb: *x        | not valid YAML, expected one document",
        "a: &x {b: *x}                           | not valid YAML, expected one document",
        "admin.key: *sesame                      | not valid YAML, expected one document",
        "a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: l}}}}}}}}}} | not",
        "log.format: text\\n---\\nlog.format: json | not valid YAML",
        "ingress: 8080                           | :1 ingress: unknown key",
        "timeout: 5s                             | :1 timeout: unknown key, the nearest known is"
            + " delivery.timeout",
        "ingress: {tls: {key: x}}                | :1 ingress.tls.key: unknown key, the nearest"
            + " known is ingress.tls-key",
        "delivery.retry-schedule: []             | :1 delivery.retry-schedule: '', expected 1 to"
            + " 30",
      })
  void aFileThatIsWrongSaysWhere(String yaml, String expected) throws IOException {
    Path file = write(yaml.replace("\\n", "\n").replace("\\t", "\t"));
    assertThat(faults(Map.of(), file))
        .anySatisfy(fault -> assertThat(fault).startsWith(file.toString()).contains(expected))
        .noneSatisfy(fault -> assertThat(fault).contains("sesame"));
  }

  @Test
  void noTagMakesAnObject() throws IOException {
    Path file = write("log.format: !!java.net.URL [\"http://127.0.0.1/\"]\n");
    assertThat(faults(Map.of(), file)).hasSize(1);
  }

  @Test
  void aFileThatIsMissingTooLongOrNoText() throws IOException {
    Path missing = directory.resolve("missing.yaml");
    assertThat(faults(Map.of("USHER_CONFIG", missing.toString()), null))
        .containsExactly(missing + ": cannot be read, expected a YAML file");
    assertThat(faults(Map.of("USHER_CONFIG", "\0"), null)).hasSize(1);
    assertThat(faults(Map.of(), directory)).hasSize(1);

    Path tooLong = write("# " + "x".repeat(300_000) + "\nlog.format: text");
    assertThat(faults(Map.of(), tooLong))
        .singleElement()
        .asString()
        .contains("at most 262144 characters");

    Path binary = directory.resolve("binary.yaml");
    Files.write(binary, "log.format: \u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(faults(Map.of(), binary))
        .containsExactly(binary + ": not UTF-8, expected a YAML file in UTF-8");
  }

  @Test
  void aRecordChecksItselfToo() {
    assertThatThrownBy(
            () ->
                new JournalConfig(
                    0,
                    Duration.ofMillis(51),
                    2,
                    4_096,
                    Sizes.mebibytes(16),
                    Duration.ofSeconds(10)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "journal.max-events: 0, expected a number from 1 to 4096; journal.linger: 51ms,"
                + " expected a duration from 0ms to 50ms");
  }

  private List<String> faults(Map<String, String> variables, @Nullable Path file) {
    return switch (ConfigReader.read(variables, file, directory)) {
      case ConfigResult.Read(UsherConfig config) -> throw new AssertionError("no fault: " + config);
      case ConfigResult.Faulty(List<String> faults) -> faults;
    };
  }

  private Path write(String yaml) throws IOException {
    return Files.writeString(directory.resolve("test.yaml"), yaml);
  }

  @Test
  void severalMasterKeysAreTakenAndEachIsJudged() {
    String other = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
    assertThat(new SecurityConfig(null, new Secret(MASTER_KEY + ", " + other)).masterKeys())
        .hasSize(2);
    for (String wrong :
        List.of(
            MASTER_KEY + ",",
            MASTER_KEY + ",c2VzYW1l",
            MASTER_KEY + "," + MASTER_KEY,
            String.join(",", MASTER_KEY, other, "a", "b", "c", "d"))) {
      assertThatThrownBy(() -> new SecurityConfig(null, new Secret(wrong)))
          .as(wrong)
          .isInstanceOf(InvalidConfigException.class)
          .hasMessageNotContaining(MASTER_KEY);
    }
  }
}
