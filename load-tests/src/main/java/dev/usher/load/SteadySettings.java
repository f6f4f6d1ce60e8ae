package dev.usher.load;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * What {@code SteadySimulation} does, from system properties that begin with {@code load.}.
 *
 * @param url of a source of the scheme {@code showpass}, {@code http://HOST:PORT/in/src_…}
 * @param secret the source's secret key
 * @param rate events a second, 1 to 100,000
 * @param seconds how long, 1 to 86,400
 * @param p99Millis the bound of the 99th percentile of the time to the answer, 1 to 60,000
 * @param failed how many requests may fail, 0 or more
 * @param accepted a file for the ids of accepted events, one a line; empty for none
 */
public record SteadySettings(
    URI url,
    String secret,
    int rate,
    int seconds,
    int p99Millis,
    int failed,
    Optional<Path> accepted) {

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException with one line for each fault
   */
  public static SteadySettings of(Properties properties) {
    Reader reader = new Reader(properties);
    SteadySettings settings =
        new SteadySettings(
            reader.address("load.url"),
            reader.required("load.secret"),
            reader.number("load.rate", 100, 1, 100_000),
            reader.number("load.seconds", 30, 1, 86_400),
            reader.number("load.p99", 250, 1, 60_000),
            reader.number("load.failed", 0, 0, Integer.MAX_VALUE),
            reader.text("load.accepted").map(Path::of));
    if (!reader.faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", reader.faults));
    }
    return settings;
  }

  /** Goes on after a fault, so that all are reported at once. */
  private static final class Reader {
    private static final URI NONE = URI.create("");

    private final Properties properties;
    private final List<String> faults = new ArrayList<>();

    Reader(Properties properties) {
      this.properties = properties;
    }

    Optional<String> text(String key) {
      return Optional.ofNullable(properties.getProperty(key)).filter(value -> !value.isBlank());
    }

    String required(String key) {
      Optional<String> value = text(key);
      if (value.isEmpty()) {
        faults.add(key + ": expected a value");
      }
      return value.orElse("");
    }

    URI address(String key) {
      String value = text(key).orElse("");
      try {
        URI uri = URI.create(value);
        String scheme = uri.getScheme();
        if (uri.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
          return uri;
        }
      } catch (IllegalArgumentException notAnAddress) {
        // Said below, as for every other text that is no address.
      }
      faults.add(key + ": expected http://HOST:PORT/in/src_…, not '" + value + "'");
      return NONE;
    }

    int number(String key, int byDefault, int least, int most) {
      String value = text(key).orElse(Integer.toString(byDefault));
      try {
        int number = Integer.parseInt(value);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException notANumber) {
        // Said below, as for a number out of range.
      }
      faults.add("%s: expected %d to %d, not '%s'".formatted(key, least, most, value));
      return byDefault;
    }
  }
}
