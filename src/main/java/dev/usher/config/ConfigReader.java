package dev.usher.config;

import dev.usher.config.ConfigResult.Faulty;
import dev.usher.config.ConfigResult.Read;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration from {@code usher.yaml} and the environment, which wins. This file lists
 * every key with its default; the ranges stand in the records.
 */
public final class ConfigReader {
  private static final String DEFAULT_FILE = "usher.yaml";

  // Stands in for an address with a fault, so that what an address demands is still checked.
  private static final URI SOME_POSTGRES = URI.create("postgresql://user@host/database");
  private static final List<String> SOME_REDIS = List.of("redis://host");

  private final Settings settings;

  private ConfigReader(Settings settings) {
    this.settings = settings;
  }

  /**
   * Reads and checks everything.
   *
   * @param environment the process's variables; those that begin with {@code USHER_} are ours
   * @param file the configuration file, which must exist; where null, the one that {@code
   *     USHER_CONFIG} names, or {@code usher.yaml} in the working directory where there is one
   */
  public static ConfigResult read(Map<String, String> environment, @Nullable Path file) {
    return read(environment, file, Path.of(""));
  }

  /**
   * As {@link #read(Map, Path)}, with {@code usher.yaml} looked for in {@code workingDirectory}.
   */
  static ConfigResult read(
      Map<String, String> environment, @Nullable Path file, Path workingDirectory) {
    List<String> faults = new ArrayList<>();
    Map<String, Entry> entries = new TreeMap<>();
    try {
      Path found = file != null ? file : find(environment, workingDirectory);
      if (found != null) {
        entries.putAll(YamlFile.entries(found, faults::add));
      }
    } catch (InvalidPathException e) {
      faults.add(Environment.CONFIG_FILE + ": not a path, expected a YAML file");
    }
    entries.putAll(Environment.entries(environment));
    return new ConfigReader(new Settings(entries)).read(faults);
  }

  /** Every key there is, in the form of the file. */
  static Set<String> keys() {
    Settings settings = new Settings(Map.of());
    new ConfigReader(settings).config();
    return settings.known();
  }

  private static @Nullable Path find(Map<String, String> environment, Path workingDirectory) {
    String named = environment.getOrDefault(Environment.CONFIG_FILE, "");
    Path usual = workingDirectory.resolve(DEFAULT_FILE);
    return named.isBlank() ? (Files.exists(usual) ? usual : null) : Path.of(named);
  }

  private ConfigResult read(List<String> faults) {
    @Nullable UsherConfig config = null;
    try {
      config = config();
    } catch (InvalidConfigException e) {
      settings.report(e.faults());
    }
    settings.reportUnknown();
    faults.addAll(settings.faults());
    return config != null && faults.isEmpty() ? new Read(config) : new Faulty(faults);
  }

  private UsherConfig config() {
    Listener door = listener("ingress", "0.0.0.0", 8080, tls("ingress"));
    return new UsherConfig(
        settings.part("", () -> ingress(door)),
        new ControlConfig(listener("control", "127.0.0.1", 8081, tls("control"))),
        new ManagementConfig(listener("management", "127.0.0.1", 8082, null)),
        settings.part("", this::store),
        settings.part("", this::security),
        settings.part("", this::delivery),
        settings.part("", this::journal),
        settings.part("", this::dedupe),
        settings.part("", this::retention),
        settings.part("", this::runtime),
        new LogConfig(logFormat()),
        settings.part("", this::tracing));
  }

  private IngressConfig ingress(Listener listener) {
    return new IngressConfig(
        listener,
        settings.networks("ingress.trusted-proxies"),
        settings.bytes("ingress.body-limit", Sizes.mebibytes(1)),
        settings.bytes("ingress.header-limit", Sizes.kibibytes(8)),
        settings.duration("ingress.body-deadline", Duration.ofSeconds(10)),
        settings.number("ingress.connections", 4_096));
  }

  private StoreConfig store() {
    return new StoreConfig(
        settings
            .given("postgres.uri", StoreConfig.POSTGRES_EXPECTED, URI::create)
            .orElse(settings.isGiven("postgres.uri") ? SOME_POSTGRES : null),
        settings.value(
            "redis.uri",
            settings.isGiven("redis.uri") ? SOME_REDIS : List.of(),
            StoreConfig.REDIS_EXPECTED,
            Settings::items),
        settings.path("data.dir", Path.of(".usher")),
        settings.number("postgres.connections", 8));
  }

  private SecurityConfig security() {
    return new SecurityConfig(settings.secret("admin.key"), settings.secret("master.key"));
  }

  private DeliveryConfig delivery() {
    return new DeliveryConfig(
        settings.networks("delivery.allowed-networks"),
        settings.numbers("delivery.allowed-ports", Set.of(443)),
        settings.duration("delivery.timeout", Duration.ofSeconds(15)),
        settings.durations(
            "delivery.retry-schedule", Durations.parseList("5s,5m,30m,2h,5h,10h,10h")),
        settings.number("delivery.concurrency", 64),
        settings.number("delivery.queued-per-endpoint", 1_024),
        settings.bytes("delivery.held-bytes", Sizes.mebibytes(16)),
        settings.duration("delivery.lease-duration", Duration.ofSeconds(15)),
        settings.certificates("delivery.ca-file"),
        settings.given("delivery.proxy", Proxy.EXPECTED, Proxy::parse).orElse(null));
  }

  private JournalConfig journal() {
    return new JournalConfig(
        settings.number("journal.max-events", 256),
        settings.duration("journal.linger", Duration.ofMillis(2)),
        settings.number("journal.batches-in-flight", 2),
        settings.number("journal.buffered-events", 4_096),
        settings.bytes("journal.buffered-bytes", Sizes.mebibytes(16)),
        settings.duration("journal.statement-timeout", Duration.ofSeconds(10)));
  }

  private DedupeConfig dedupe() {
    return new DedupeConfig(
        settings.duration("idempotency.window", Duration.ofDays(3)),
        settings.duration("idempotency.lookup-timeout", Duration.ofMillis(50)));
  }

  private RetentionConfig retention() {
    return new RetentionConfig(
        settings.duration("retention", Duration.ofDays(15)),
        settings.duration("audit.retention", Duration.ofDays(365)));
  }

  private RuntimeConfig runtime() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new RuntimeConfig(
        settings.number(
            "runtime.event-loops", Math.min(processors, RuntimeConfig.MOST_EVENT_LOOPS)),
        settings.duration("shutdown.grace", Duration.ofSeconds(30)));
  }

  private TracingConfig tracing() {
    return new TracingConfig(
        settings
            .given("tracing.otlp-endpoint", TracingConfig.ENDPOINT_EXPECTED, URI::create)
            .orElse(null),
        settings.secret("tracing.otlp-headers"),
        settings.value("tracing.ratio", 1.0, TracingConfig.RATIO_EXPECTED, Double::parseDouble));
  }

  private LogConfig.Format logFormat() {
    return settings.value(
        "log.format",
        LogConfig.Format.TEXT,
        "text or json",
        text -> LogConfig.Format.valueOf(text.toUpperCase(Locale.ROOT)));
  }

  private Listener listener(String server, String host, int port, @Nullable Tls tls) {
    return settings.part(
        server + ".",
        () ->
            new Listener(
                settings.text(server + ".host", host),
                settings.number(server + ".port", port),
                tls));
  }

  private @Nullable Tls tls(String server) {
    String certificateKey = server + ".tls-certificate";
    String keyKey = server + ".tls-key";
    Path certificate = settings.file(certificateKey);
    Path key = settings.file(keyKey);
    if (settings.isGiven(certificateKey) != settings.isGiven(keyKey)) {
      String missing = settings.isGiven(keyKey) ? certificateKey : keyKey;
      settings.report(
          List.of(
              new Fault(
                  List.of(missing),
                  Fault.MISSING,
                  "both "
                      + certificateKey
                      + " and "
                      + keyKey
                      + ", or none of them for plain HTTP")));
    }
    return certificate == null || key == null ? null : new Tls(certificate, key);
  }
}
