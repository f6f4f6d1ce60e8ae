package dev.usher.watch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files under {@code grafana/prometheus}. */
final class Rules {
  static final Path DIRECTORY = Path.of("grafana", "prometheus");
  static final List<String> FILES = List.of("usher-recording.yml", "usher-alerts.yml");

  private Rules() {}

  /** One recording rule. */
  record Recording(String name, String query) {}

  /** One alert. */
  record Alert(
      String name, String query, Map<String, String> labels, Map<String, String> annotations) {
    String annotation(String key) {
      return annotations.getOrDefault(key, "");
    }
  }

  /**
   * What a case for promtool expects of an alert.
   *
   * @param fires whether any is to fire
   */
  record Expectation(String alert, boolean fires) {}

  static List<Recording> recordings() {
    return rules("usher-recording.yml").stream()
        .map(rule -> new Recording(text(rule, "record"), text(rule, "expr")))
        .toList();
  }

  static List<Alert> alerts() {
    return rules("usher-alerts.yml").stream()
        .map(
            rule ->
                new Alert(
                    text(rule, "alert"),
                    text(rule, "expr"),
                    texts(rule, "labels"),
                    texts(rule, "annotations")))
        .toList();
  }

  static List<Expectation> expectations() {
    List<Expectation> expectations = new ArrayList<>();
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      for (Path file : files.filter(path -> path.toString().endsWith("-test.yml")).toList()) {
        for (Map<?, ?> test : maps(yaml(file), "tests")) {
          for (Map<?, ?> check : maps(test, "alert_rule_test")) {
            expectations.add(
                new Expectation(text(check, "alertname"), !maps(check, "exp_alerts").isEmpty()));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return expectations;
  }

  private static List<Map<?, ?>> rules(String file) {
    return maps(yaml(DIRECTORY.resolve(file)), "groups").stream()
        .flatMap(group -> maps(group, "rules").stream())
        .toList();
  }

  private static Map<?, ?> yaml(Path file) {
    try {
      return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Map<?, ?>> maps(Map<?, ?> in, String key) {
    List<Map<?, ?>> maps = new ArrayList<>();
    ((List<?>) Objects.requireNonNull(in.get(key), key))
        .forEach(each -> maps.add((Map<?, ?>) each));
    return maps;
  }

  private static String text(Map<?, ?> in, String key) {
    return String.valueOf(in.get(key));
  }

  private static Map<String, String> texts(Map<?, ?> in, String key) {
    Map<String, String> texts = new TreeMap<>();
    ((Map<?, ?>) Objects.requireNonNull(in.get(key), key))
        .forEach((k, v) -> texts.put(String.valueOf(k), String.valueOf(v)));
    return texts;
  }
}
