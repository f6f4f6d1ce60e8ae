package dev.usher.config;

import dev.usher.event.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Values by key while the configuration is read. A value that is wrong is noted once and stands in
 * with its default from then on, so that reading goes on and finds the other faults.
 */
final class Settings {
  private static final int LONGEST_QUOTE = 100;
  // The addresses hold passwords.
  private static final Set<String> SECRET =
      Set.of(
          "admin.key",
          "master.key",
          "postgres.uri",
          "redis.uri",
          "delivery.proxy",
          "tracing.otlp-endpoint",
          "tracing.otlp-headers");

  private final Map<String, Entry> entries;
  private final Set<String> known = new TreeSet<>();
  private final Set<String> faulty = new HashSet<>();
  private final List<String> faults = new ArrayList<>();

  Settings(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /**
   * The value of {@code key} as {@code parser} reads it; empty where none is given, or a wrong one.
   */
  <T> Optional<T> given(String key, String expected, Function<String, T> parser) {
    known.add(key);
    Entry entry = entries.get(key);
    if (entry == null || faulty.contains(key)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parser.apply(entry.text()));
    } catch (IllegalArgumentException e) {
      report(List.of(new Fault(List.of(key), entry.text(), expected)));
      return Optional.empty();
    }
  }

  /** The value of {@code key} as {@code parser} reads it, or {@code fallback}. */
  <T> T value(String key, T fallback, String expected, Function<String, T> parser) {
    return given(key, expected, parser).orElse(fallback);
  }

  String text(String key, String fallback) {
    return value(key, fallback, "text", text -> text);
  }

  int number(String key, int fallback) {
    return value(key, fallback, "a whole number", Integer::parseInt);
  }

  Set<Integer> numbers(String key, Set<Integer> fallback) {
    return value(
        key,
        fallback,
        "whole numbers such as 443,8443",
        text -> items(text).stream().map(Integer::valueOf).collect(Collectors.toSet()));
  }

  int bytes(String key, int fallback) {
    return value(key, fallback, "a size such as 512KiB or 16MiB", Sizes::parse);
  }

  Duration duration(String key, Duration fallback) {
    return value(key, fallback, "a duration such as 250ms, 15s, 5m or 3d", Durations::parse);
  }

  List<Duration> durations(String key, List<Duration> fallback) {
    return value(key, fallback, "durations such as 5s,5m,2h", Durations::parseList);
  }

  List<Network> networks(String key) {
    return value(
        key,
        List.of(),
        "networks such as 10.0.0.0/8,2001:db8::/32 (no bits set after the prefix)",
        text -> items(text).stream().map(Network::parse).toList());
  }

  @Nullable Secret secret(String key) {
    return given(key, "text", Secret::new).orElse(null);
  }

  Path path(String key, Path fallback) {
    return value(key, fallback, "a path", Path::of);
  }

  /** A file that must be there. */
  @Nullable Path file(String key) {
    return given(key, "a file that can be read", Settings::readable).orElse(null);
  }

  /** A PEM file with at least one certificate. */
  @Nullable Path certificates(String key) {
    return given(key, "a PEM file with at least one certificate", Settings::withCertificates)
        .orElse(null);
  }

  /**
   * What {@code part} makes; where its values are out of their ranges, the same with defaults in
   * their stead.
   *
   * @param prefix goes before the keys of faults
   */
  <T> T part(String prefix, Supplier<T> part) {
    while (true) {
      try {
        return part.get();
      } catch (InvalidConfigException e) {
        int before = faulty.size();
        report(e.faults().stream().map(fault -> fault.under(prefix)).toList());
        if (faulty.size() == before) {
          throw e; // defaults contradict each other: ours to mend, not the operator's
        }
      }
    }
  }

  /** Notes faults, but for those with a key that had a fault before: they are its consequence. */
  void report(List<Fault> found) {
    Set<String> before = Set.copyOf(faulty);
    for (Fault fault : found) {
      if (Collections.disjoint(before, fault.keys())) {
        fault.keys().stream().filter(entries::containsKey).forEach(faulty::add);
        faults.add(line(fault));
      }
    }
  }

  /** Notes each key that was given but never asked for. To be called last. */
  void reportUnknown() {
    entries.forEach(
        (key, entry) -> {
          if (!known.contains(key)) {
            String nearest = Spelling.nearest(key, known);
            boolean isVariable = entry.name().equals(Environment.variable(key));
            faults.add(
                entry.name()
                    + ": unknown key, the nearest known is "
                    + (isVariable ? Environment.variable(nearest) : nearest));
          }
        });
  }

  boolean isGiven(String key) {
    return entries.containsKey(key);
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  Set<String> known() {
    return Collections.unmodifiableSet(known);
  }

  static List<String> items(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  private String line(Fault fault) {
    Entry entry = entries.get(fault.key());
    String name = entry == null ? Environment.variable(fault.key()) : entry.name();
    String value = entry == null ? fault.value() : quote(fault.key(), entry.text());
    if (entry == null && !value.equals(Fault.MISSING)) {
      value += " (the default)";
    }
    return name + ": " + value + ", expected " + fault.expected();
  }

  private static Path readable(String text) {
    Path path = Path.of(text);
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new IllegalArgumentException("not a readable file");
    }
    return path;
  }

  private static Path withCertificates(String text) {
    Path path = readable(text);
    try (InputStream in = Files.newInputStream(path)) {
      if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        throw new IllegalArgumentException("no certificate in it");
      }
      return path;
    } catch (IOException | CertificateException e) {
      throw new IllegalArgumentException("not certificates", e);
    }
  }

  // One line whatever the value holds, and never a secret.
  private static String quote(String key, String text) {
    if (SECRET.contains(key)) {
      return "(hidden)";
    }
    StringBuilder quoted = new StringBuilder("'");
    text.codePoints()
        .limit(LONGEST_QUOTE)
        .forEach(c -> quoted.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return quoted.append(text.length() > LONGEST_QUOTE ? "…'" : "'").toString();
  }
}
