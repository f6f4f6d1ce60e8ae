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
 * @param rate events a second, 1 to 100,000
 * @param seconds how long, 1 to 86,400
 * @param p99Millis the bound of the 99th percentile of the time to the answer, 1 to 60,000
 * @param failed how many requests may fail, 0 or more
 * @param accepted a file for the ids of accepted events, one a line; empty for none
 */
public record SteadySettings(
    Destination destination,
    int rate,
    int seconds,
    int p99Millis,
    int failed,
    Optional<Path> accepted) {

  /** Where the events go. */
  public sealed interface Destination {
    /** A source that is there already; the address is that of its {@code /in/src_…}. */
    record Source(URI url, String secret) implements Destination {}

    /** A new source in a new organization. */
    record Created(URI control, URI ingress, String adminKey) implements Destination {}
  }

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException with one line for each fault
   */
  public static SteadySettings of(Properties properties) {
    Reader reader = new Reader(properties);
    Destination destination = reader.destination();
    int rate = reader.number("load.rate", 100, 1, 100_000);
    int seconds = reader.number("load.seconds", 30, 1, 86_400);
    int p99 = reader.number("load.p99", 250, 1, 60_000);
    int failed = reader.number("load.failed", 0, 0, Integer.MAX_VALUE);
    Optional<Path> accepted = reader.text("load.accepted").map(Path::of);
    if (!reader.faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", reader.faults));
    }
    return new SteadySettings(destination, rate, seconds, p99, failed, accepted);
  }

  private static final class Reader {
    private static final URI NONE = URI.create("http://127.0.0.1");

    private final Properties properties;
    private final List<String> faults = new ArrayList<>();

    Reader(Properties properties) {
      this.properties = properties;
    }

    Destination destination() {
      if (text("load.url").isPresent()) {
        return new Destination.Source(address("load.url"), required("load.secret"));
      }
      if (text("load.control").isEmpty()) {
        faults.add("expected load.url and load.secret, or load.control and load.admin-key");
        return new Destination.Source(NONE, "");
      }
      URI control = address("load.control");
      URI ingress = text("load.ingress").isPresent() ? address("load.ingress") : below(control);
      return new Destination.Created(control, ingress, required("load.admin-key"));
    }

    /** The public door of a gateway with its default ports is one below the control port. */
    private static URI below(URI control) {
      return URI.create(
          "%s://%s:%d".formatted(control.getScheme(), control.getHost(), control.getPort() - 1));
    }

    Optional<String> text(String key) {
      return Optional.ofNullable(properties.getProperty(key)).filter(value -> !value.isBlank());
    }

    private String required(String key) {
      return text(key)
          .orElseGet(
              () -> {
                faults.add(key + ": expected a value");
                return "";
              });
    }

    private URI address(String key) {
      String value = required(key);
      try {
        URI uri = URI.create(value);
        if (uri.getHost() != null
            && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
          return uri;
        }
      } catch (IllegalArgumentException notAnAddress) {
        // Said below, as for every other text that is no address.
      }
      faults.add(key + ": expected http://HOST:PORT… or https://…, not '" + value + "'");
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
