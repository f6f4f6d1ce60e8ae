package dev.usher.bench;

import dev.usher.process.JavaCommand;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What the bench measures, and how.
 *
 * @param rounds how often each subject is measured, 1 to 100
 * @param subjects those that were named; empty for those that belong to each part
 * @param starts how often a start is measured, 1 to 100
 * @param most what {@link Part#GROWTH} grows to
 * @param profile whether each of Usher's subjects is profiled after its last measurement
 */
record BenchOptions(
    Setup setup,
    int rounds,
    Set<Subject> subjects,
    Set<Part> parts,
    List<Sweep> sweeps,
    int starts,
    Most most,
    boolean profile) {
  private static final int ROUNDS = 3;
  private static final int STARTS = 5;
  private static final int MOST_ENDPOINTS = 10_000;
  private static final int MOST_ROWS = 1_000_000;

  /** The greater end of what grows. */
  record Most(int endpoints, int rows) {}

  /** The command line is wrong; the message says where and what was expected. */
  static final class UsageError extends Exception {
    private static final long serialVersionUID = 1L;

    UsageError(String message) {
      super(message);
    }
  }

  /** The subjects of a part: those that were named, or its own. */
  Set<Subject> subjectsOr(Set<Subject> own) {
    return subjects.isEmpty() ? own : subjects;
  }

  /** Reads the command line; what it does not name has its default. */
  static BenchOptions parse(List<String> arguments) throws UsageError {
    return new Reader(arguments).read();
  }

  private static final class Reader {
    private final Iterator<String> rest;
    private final Map<Condition, Integer> conditions = new EnumMap<>(Condition.class);
    private final Map<String, String> environment = new HashMap<>();
    private List<String> javaOptions = List.of();
    private int rounds = ROUNDS;
    private int starts = STARTS;
    private int mostEndpoints = MOST_ENDPOINTS;
    private int mostRows = MOST_ROWS;
    private boolean profile;
    private Set<Subject> subjects = EnumSet.noneOf(Subject.class);
    private final Set<Part> parts = EnumSet.noneOf(Part.class);
    private final List<Sweep> sweeps = new ArrayList<>();

    Reader(List<String> arguments) {
      this.rest = arguments.iterator();
    }

    BenchOptions read() throws UsageError {
      while (rest.hasNext()) {
        option(rest.next());
      }
      if (parts.isEmpty() && sweeps.isEmpty()) {
        parts.add(Part.SUBJECTS);
      }
      Setup setup = new Setup(conditions, javaOptions, environment);
      if (setup.of(Condition.WRK_THREADS) > setup.of(Condition.CONNECTIONS)) {
        throw new UsageError("--wrk-threads: expected at most as many as --connections");
      }
      return new BenchOptions(
          setup,
          rounds,
          subjects,
          parts,
          sweeps,
          starts,
          new Most(mostEndpoints, mostRows),
          profile);
    }

    private void option(String option) throws UsageError {
      switch (option) {
        case "--rounds" -> rounds = number(option, 1, 100);
        case "--starts" -> starts = number(option, 1, 100);
        case "--most-endpoints" -> mostEndpoints = number(option, 10, 100_000);
        case "--most-rows" -> mostRows = number(option, 1, 100_000_000);
        case "--only" -> subjects = EnumSet.copyOf(some(option, Subject::of, "a,b,c,d,e,f"));
        case "--parts" ->
            parts.addAll(some(option, Part::of, "subjects,latency,overload,start,growth"));
        case "--all" -> parts.addAll(EnumSet.allOf(Part.class));
        case "--sweep" ->
            sweeps.addAll(some(option, Sweep::of, "connections,payload,loops,tls,fan-out"));
        case "--tls" -> conditions.put(Condition.TLS, 1);
        case "--profile" -> profile = true;
        case "--usher-java-options" -> javaOptions = JavaCommand.split(value(option));
        case "--usher-env" -> variable(option);
        default -> condition(option);
      }
    }

    private void condition(String option) throws UsageError {
      Condition condition =
          (option.startsWith("--")
                  ? Condition.of(option.substring(2))
                  : Optional.<Condition>empty())
              .orElseThrow(() -> new UsageError("unknown option '" + option + "'"));
      conditions.put(condition, number(option, condition.least(), condition.most()));
    }

    private void variable(String option) throws UsageError {
      String given = value(option);
      int equals = given.indexOf('=');
      if (!given.startsWith("USHER_") || equals < 0) {
        throw new UsageError(option + ": expected USHER_NAME=VALUE, not '" + given + "'");
      }
      environment.put(given.substring(0, equals), given.substring(equals + 1));
    }

    private <T> List<T> some(String option, Function<String, Optional<T>> find, String known)
        throws UsageError {
      List<T> found = new ArrayList<>();
      for (String name : value(option).split(",", -1)) {
        found.add(
            find.apply(name.strip())
                .orElseThrow(
                    () ->
                        new UsageError(
                            "%s: expected some of %s, not '%s'".formatted(option, known, name))));
      }
      return found;
    }

    private int number(String option, int least, int most) throws UsageError {
      String value = value(option);
      try {
        int number = Integer.parseInt(value);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException notANumber) {
        // Said below, as for a number out of range.
      }
      throw new UsageError("%s: expected %d to %d, not '%s'".formatted(option, least, most, value));
    }

    private String value(String option) throws UsageError {
      if (!rest.hasNext()) {
        throw new UsageError(option + " needs a value");
      }
      return rest.next();
    }
  }
}
