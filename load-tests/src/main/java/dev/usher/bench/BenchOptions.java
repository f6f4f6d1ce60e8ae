package dev.usher.bench;

import dev.usher.process.JavaCommand;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How the bench measures.
 *
 * @param connections wrk's connections, 1 to 10,000
 * @param seconds length of one measurement, 1 to 600
 * @param rounds how often each subject is measured, 1 to 100
 * @param warmupSeconds load before each measurement, in the same process, at most; 0 to 600
 * @param eventLoops event loops of each server under test, 1 to 64
 * @param wrkThreads 1 to 64, not more than the connections
 * @param endpointConcurrency what subject (d) sets on its endpoint; empty for Usher's default
 * @param usherJavaOptions added to Usher's own
 */
record BenchOptions(
    int connections,
    int seconds,
    int rounds,
    int warmupSeconds,
    int eventLoops,
    int wrkThreads,
    OptionalInt endpointConcurrency,
    Set<Subject> subjects,
    List<String> usherJavaOptions) {
  private static final int CONNECTIONS = 256;
  private static final int SECONDS = 10;
  private static final int ROUNDS = 3;
  private static final int WARMUP_SECONDS = 60;
  private static final int EVENT_LOOPS = 2;
  // One thread of wrk is busy at some 100,000 requests a second: about what the bare server
  // answers.
  private static final int WRK_THREADS = 2;

  /** The command line is wrong; the message says where and what was expected. */
  static final class UsageError extends Exception {
    private static final long serialVersionUID = 1L;

    UsageError(String message) {
      super(message);
    }
  }

  /** Reads the command line; what it does not name has its default. */
  static BenchOptions parse(List<String> arguments) throws UsageError {
    int connections = CONNECTIONS;
    int seconds = SECONDS;
    int rounds = ROUNDS;
    int warmup = WARMUP_SECONDS;
    int loops = EVENT_LOOPS;
    int threads = WRK_THREADS;
    OptionalInt concurrency = OptionalInt.empty();
    Set<Subject> subjects = EnumSet.allOf(Subject.class);
    List<String> javaOptions = List.of();
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String option = rest.next();
      switch (option) {
        case "--connections" -> connections = number(option, rest, 1, 10_000);
        case "--seconds" -> seconds = number(option, rest, 1, 600);
        case "--rounds" -> rounds = number(option, rest, 1, 100);
        case "--warmup" -> warmup = number(option, rest, 0, 600);
        case "--loops" -> loops = number(option, rest, 1, 64);
        case "--wrk-threads" -> threads = number(option, rest, 1, 64);
        case "--endpoint-concurrency" ->
            concurrency = OptionalInt.of(number(option, rest, 1, 1_000));
        case "--only" -> subjects = subjects(option, rest);
        case "--usher-java-options" -> javaOptions = JavaCommand.split(value(option, rest));
        default -> throw new UsageError("unknown option '" + option + "'");
      }
    }
    if (threads > connections) {
      throw new UsageError("--wrk-threads: expected at most as many as --connections");
    }
    return new BenchOptions(
        connections, seconds, rounds, warmup, loops, threads, concurrency, subjects, javaOptions);
  }

  private static Set<Subject> subjects(String option, Iterator<String> rest) throws UsageError {
    Set<Subject> subjects = EnumSet.noneOf(Subject.class);
    for (String letter : value(option, rest).split(",", -1)) {
      subjects.add(
          Subject.of(letter.strip())
              .orElseThrow(
                  () ->
                      new UsageError(option + ": expected some of a,b,c,d, not '" + letter + "'")));
    }
    return subjects;
  }

  private static int number(String option, Iterator<String> rest, int least, int most)
      throws UsageError {
    String value = value(option, rest);
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

  private static String value(String option, Iterator<String> rest) throws UsageError {
    if (!rest.hasNext()) {
      throw new UsageError(option + " needs a value");
    }
    return rest.next();
  }
}
