package dev.usher.load;

import io.gatling.app.Gatling;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.prefs.Preferences;
import java.util.stream.Collectors;

/**
 * The command {@code run}: turns options into the system properties that simulations read, refuses
 * what is wrong before anything starts, and hands over to Gatling.
 *
 * <p>Arguments: the directory of the reports, the suite, its options. Ends with 0 when all holds
 * that must, with 64 on wrong usage, with anything else when something does not hold.
 */
public final class Run {
  private static final int WRONG_USAGE = 64;
  private static final String PACKAGE = "dev.usher.load.";

  private Run() {}

  public static void main(String[] args) {
    Optional<Suite> suite = args.length < 2 ? Optional.empty() : Suite.of(args[1]);
    if (suite.isEmpty()) {
      String known =
          Arrays.stream(Suite.values()).map(Suite::option).collect(Collectors.joining(", "));
      refuse("expected one of " + known);
      return;
    }
    Properties properties = new Properties();
    String[] options = Arrays.copyOfRange(args, 2, args.length);
    if (Arrays.asList(options).contains("--help")) {
      help(suite.get());
      return;
    }
    for (int i = 0; i < options.length; i += 2) {
      if (!options[i].startsWith("--") || i + 1 >= options.length) {
        refuse("expected --OPTION VALUE, not '" + options[i] + "'");
      }
      properties.setProperty("load." + options[i].substring(2), options[i + 1]);
    }
    try {
      SuiteSettings.of(suite.get(), properties);
    } catch (IllegalArgumentException faults) {
      refuse(String.valueOf(faults.getMessage()).replace("load.", "--"));
    }
    properties.forEach((key, value) -> System.setProperty((String) key, (String) value));
    System.setProperty("load-tests.results", args[0]);
    doNotAskForNews();
    try {
      Gatling.main(new String[] {"-s", PACKAGE + simulation(suite.get()), "-rf", args[0]});
    } catch (Exception failed) {
      // The receivers' threads would keep the process alive.
      failed.printStackTrace();
      System.exit(1);
    }
  }

  /**
   * Gatling asks Maven Central once a day whether there is a newer one, and remembers when it did:
   * here it just has, without an answer. A load test talks to the gateway and to nobody else.
   */
  private static void doNotAskForNews() {
    Preferences asked = Preferences.userRoot().node("/io/gatling/latestVersion");
    asked.putLong("lastCheckTimestamp", System.currentTimeMillis());
    asked.putBoolean("lastCheckSuccess", false);
  }

  private static String simulation(Suite suite) {
    return Arrays.stream(suite.option().split("-", -1))
        .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
        .collect(Collectors.joining("", "", "Simulation"));
  }

  private static void help(Suite suite) {
    System.out.printf("./load-tests/run %s: %s%n%n", suite.option(), suite.meaning());
    System.out.printf("Options of this suite, with their defaults%n");
    suite.defaults().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            each ->
                System.out.printf(
                    "  --%-19s %6d   %s%n",
                    each.getKey().option(), each.getValue(), each.getKey().meaning()));
    System.out.printf("%nTo whom: see ./load-tests/run --help%n");
  }

  private static void refuse(String message) {
    message.lines().forEach(line -> System.err.println("run: " + line));
    System.err.println("Try './load-tests/run --help', or with the suite's name before --help.");
    System.exit(WRONG_USAGE);
  }
}
