package dev.usher.config;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The environment variables that concern us, {@code USHER_…}, under the names of {@code
 * usher.yaml}: the first underscore becomes a dot, the others hyphens. An empty variable counts as
 * one that is not set.
 */
final class Environment {
  static final String PREFIX = "USHER_";

  /** Where the file is; {@code --config} does the same. */
  static final String CONFIG_FILE = "USHER_CONFIG";

  // Read before the configuration, by the launcher and by ConfigReader.
  private static final Set<String> NOT_KEYS = Set.of(CONFIG_FILE, "USHER_JAVA_OPTIONS");

  private Environment() {}

  static Map<String, Entry> entries(Map<String, String> variables) {
    Map<String, Entry> entries = new TreeMap<>();
    variables.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX) && !NOT_KEYS.contains(name) && !value.isBlank()) {
            entries.put(key(name), new Entry(name, value.strip()));
          }
        });
    return entries;
  }

  /** The variable for a key of the file. */
  static String variable(String key) {
    return PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  private static String key(String variable) {
    return variable
        .substring(PREFIX.length())
        .toLowerCase(Locale.ROOT)
        .replaceFirst("_", ".")
        .replace('_', '-');
  }
}
