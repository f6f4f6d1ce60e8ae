package dev.usher.watch;

import dev.usher.testing.TestGateway;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Debian's Prometheus with our rules, in a hurry: it scrapes and evaluates once a second, and an
 * alert need hold for two seconds only. Their expressions and windows are left as they are.
 */
final class PrometheusServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern ADDRESS = Pattern.compile("Listening on\" address=(\\S+)");

  private final Process process;
  private final Path targets;
  private final Path log;
  private final String address;

  private PrometheusServer(Process process, Path targets, Path log) {
    this.process = process;
    this.targets = targets;
    this.log = log;
    this.address = awaitAddress();
  }

  /** Whether the program is there to be started. */
  static boolean isInstalled() {
    return isInstalled("prometheus");
  }

  static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(":", -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  static PrometheusServer start(Path directory) {
    try {
      for (String file : Rules.FILES) {
        String rules = Files.readString(Rules.DIRECTORY.resolve(file));
        Files.writeString(
            directory.resolve(file),
            rules
                .replaceAll("interval: 30s", "interval: 1s")
                .replaceAll("for: \\d+[smh]", "for: 2s"));
      }
      Path targets = Files.writeString(directory.resolve("targets.json"), "[]");
      Path config = Files.writeString(directory.resolve("prometheus.yml"), config());
      Path log = directory.resolve("prometheus.log");
      Process process =
          new ProcessBuilder(
                  "prometheus",
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + directory.resolve("data"),
                  "--web.listen-address=127.0.0.1:0",
                  "--query.lookback-delta=10s")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new PrometheusServer(process, targets, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String config() {
    return """
    global:
      scrape_interval: 1s
      evaluation_interval: 1s
    rule_files:
      - usher-*.yml
    scrape_configs:
      - job_name: usher
        file_sd_configs:
          - files: [targets.json]
            refresh_interval: 1s
    """;
  }

  private String awaitAddress() {
    return Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              Matcher matcher = ADDRESS.matcher(Files.readString(log));
              return matcher.find() ? matcher.group(1) : "";
            },
            found -> !found.isEmpty() || !process.isAlive());
  }

  /** Scrapes these from now on, each an address and a port. */
  void scrape(List<String> instances) {
    try {
      Path next = targets.resolveSibling("targets.next");
      Files.writeString(
          next, new JsonArray().add(new JsonObject().put("targets", instances)).encode());
      Files.move(next, targets, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The samples that an instant query gives now. */
  List<Sample> query(String expression) {
    JsonObject data = get("/api/v1/query?query=" + encode(expression));
    return data.getString("resultType").equals("scalar")
        ? List.of(new Sample(new JsonObject(), number(data.getJsonArray("result").getString(1))))
        : Dashboards.objects(data.getJsonArray("result")).stream()
            .map(
                sample ->
                    new Sample(
                        sample.getJsonObject("metric"),
                        number(sample.getJsonArray("value").getString(1))))
            .toList();
  }

  /** One sample of a query's answer. */
  record Sample(JsonObject labels, double value) {}

  /** The single value of a query; NaN where there is none. */
  double value(String expression) {
    return query(expression).stream().mapToDouble(Sample::value).findFirst().orElse(Double.NaN);
  }

  /** What {@code /api/v1/…} answers under {@code data}. */
  JsonObject get(String path) {
    HttpResponse<String> answer =
        TestGateway.send(HttpRequest.newBuilder(URI.create("http://" + address + path)).build());
    JsonObject body = new JsonObject(answer.body());
    if (!"success".equals(body.getString("status"))) {
      throw new AssertionError(path + ": " + answer.body());
    }
    return body.getValue("data") instanceof JsonObject data
        ? data
        : new JsonObject().put("data", body.getValue("data"));
  }

  private static double number(String text) {
    return switch (text) {
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
