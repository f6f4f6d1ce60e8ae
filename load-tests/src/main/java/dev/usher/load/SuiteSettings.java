package dev.usher.load;

import dev.usher.receive.Ledger;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What a suite does and to whom, from system properties that begin with {@code load.}.
 *
 * @param where what is sent to
 * @param receivers the address of this machine at which the gateway reaches the run's receivers
 * @param management the gateway's metrics; needed by some suites
 * @param accepted a file for the ids of accepted events, one a line; empty for none
 * @param keep whether the organization that is made for the run stays
 */
public record SuiteSettings(
    Suite suite,
    Where where,
    String receivers,
    Optional<URI> management,
    Optional<Path> accepted,
    boolean keep,
    Map<Quantity, Integer> quantities) {

  /** Where events go. */
  public sealed interface Where {
    /** To a source that is there: what becomes of the events behind it cannot be checked. */
    record Source(URI url, String secret) implements Where {}

    /**
     * To a source that the run makes, with endpoints of its own.
     *
     * @param control the management API
     * @param ingress the public address
     */
    record Gateway(URI control, String adminKey, URI ingress) implements Where {}
  }

  /** The settings that are no numbers, by their options, with what they mean. */
  static final List<String> TEXTS =
      List.of(
          "control",
          "admin-key",
          "ingress",
          "management",
          "receivers",
          "url",
          "secret",
          "accepted",
          "keep");

  private static final String PREFIX = "load.";
  private static final URI NOWHERE = URI.create("http://127.0.0.1:0");

  /** A number that the suite was given, or its default. */
  public int of(Quantity quantity) {
    Integer value = quantities.get(quantity);
    if (value == null) {
      throw new IllegalArgumentException(suite + " knows no " + quantity.option());
    }
    return value;
  }

  /** Whether the run has receivers of its own, so that delivery can be checked. */
  public boolean delivers() {
    return where instanceof Where.Gateway;
  }

  /**
   * Reads the settings.
   *
   * @throws IllegalArgumentException with one line for each fault
   */
  public static SuiteSettings of(Suite suite, Properties properties) {
    Reader reader = new Reader(suite, properties);
    reader.refuseUnknown();
    Where where = reader.where();
    Optional<URI> management = reader.address("management").or(() -> below(where, 1));
    if (suite == Suite.SOAK && management.isEmpty()) {
      reader.faults.add("load.management: soak looks at the gateway's metrics; expected http://…");
    }
    SuiteSettings settings =
        new SuiteSettings(
            suite,
            where,
            reader.text("receivers").orElse("127.0.0.1"),
            management,
            reader.text("accepted").map(Path::of),
            reader.text("keep").isPresent(),
            reader.quantities());
    reader.refuseTooMany(settings);
    if (!reader.faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", reader.faults));
    }
    return settings;
  }

  /** The ports of a gateway stand in a row where nobody has set them apart. */
  private static Optional<URI> below(Where where, int distance) {
    return where instanceof Where.Gateway gateway
        ? Optional.of(neighbour(gateway.control, distance))
        : Optional.empty();
  }

  private static URI neighbour(URI control, int distance) {
    return URI.create(
        control.getScheme() + "://" + control.getHost() + ":" + (control.getPort() + distance));
  }

  /** Goes on after a fault, so that all are reported at once. */
  private static final class Reader {
    private final Suite suite;
    private final Properties properties;
    private final List<String> faults = new ArrayList<>();

    Reader(Suite suite, Properties properties) {
      this.suite = suite;
      this.properties = properties;
    }

    void refuseUnknown() {
      properties.stringPropertyNames().stream()
          .sorted()
          .filter(key -> key.startsWith(PREFIX))
          .map(key -> key.substring(PREFIX.length()))
          .filter(option -> !TEXTS.contains(option))
          .filter(
              option -> Quantity.of(option).map(q -> !suite.defaults().containsKey(q)).orElse(true))
          .forEach(option -> faults.add(PREFIX + option + ": " + suite.option() + " has no such"));
    }

    Where where() {
      Optional<URI> url = address("url");
      Optional<URI> control = address("control");
      if (url.isPresent() == control.isPresent()) {
        faults.add("expected either load.control and load.admin-key, or load.url and load.secret");
      }
      if (control.isPresent()) {
        URI ingress = address("ingress").orElseGet(() -> neighbour(control.get(), -1));
        return new Where.Gateway(control.get(), required("admin-key"), ingress);
      }
      return new Where.Source(url.orElse(NOWHERE), url.isPresent() ? required("secret") : "");
    }

    Map<Quantity, Integer> quantities() {
      Map<Quantity, Integer> values = new EnumMap<>(Quantity.class);
      suite.defaults().forEach((quantity, value) -> values.put(quantity, number(quantity, value)));
      return values;
    }

    /** What a run remembers of its events has a limit, which is better known before the run. */
    void refuseTooMany(SuiteSettings settings) {
      Map<Quantity, Integer> values = settings.quantities;
      long seconds =
          Stream.of(Quantity.WARMUP, Quantity.BEFORE, Quantity.RAMP, Quantity.SECONDS)
              .mapToLong(quantity -> values.getOrDefault(quantity, 0))
              .sum();
      long rate =
          (long) values.getOrDefault(Quantity.RATE, 0) * values.getOrDefault(Quantity.TIMES, 1)
              + values.getOrDefault(Quantity.FORGED, 0);
      if (rate * seconds > Ledger.MOST_EVENTS) {
        faults.add("rate and seconds: a run can follow %,d events".formatted(Ledger.MOST_EVENTS));
      }
    }

    Optional<String> text(String option) {
      return Optional.ofNullable(properties.getProperty(PREFIX + option))
          .filter(value -> !value.isBlank());
    }

    private String required(String option) {
      Optional<String> value = text(option);
      if (value.isEmpty()) {
        faults.add(PREFIX + option + ": expected a value");
      }
      return value.orElse("");
    }

    Optional<URI> address(String option) {
      Optional<String> value = text(option);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      try {
        URI uri = URI.create(value.get());
        String scheme = uri.getScheme();
        if (uri.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
          return Optional.of(uri);
        }
      } catch (IllegalArgumentException notAnAddress) {
        // Said below, as for every other text that is no address.
      }
      faults.add(PREFIX + option + ": expected http://HOST:PORT…, not '" + value.get() + "'");
      return Optional.of(NOWHERE);
    }

    private int number(Quantity quantity, int byDefault) {
      String value = text(quantity.option()).orElse(Integer.toString(byDefault));
      try {
        int number = Integer.parseInt(value);
        if (number >= quantity.least() && number <= quantity.most()) {
          return number;
        }
      } catch (NumberFormatException notANumber) {
        // Said below, as for a number out of range.
      }
      faults.add(
          "%s%s: expected %d to %d, not '%s'"
              .formatted(PREFIX, quantity.option(), quantity.least(), quantity.most(), value));
      return byDefault;
    }
  }
}
