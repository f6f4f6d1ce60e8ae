package dev.usher.bench;

import dev.usher.process.ChildProcesses;
import dev.usher.process.JavaCommand;
import dev.usher.process.LogTail;
import dev.usher.process.ProcessFailure;
import dev.usher.send.OpenLoad;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What one run of {@link OpenLoad} has seen; see there.
 *
 * @param due requests that came due
 * @param sent those for which a connection was free
 * @param accepted answers 202
 * @param inTime answers 202 that came while the load lasted
 * @param refused answers 503
 * @param others any other answer, a connection that broke, or none within 10 s after the end
 * @param p99Millis of 202, from when the request came due
 * @param sentP99Millis of 202, from when it was sent
 * @param refusedP99Millis of 503, from when it was sent
 */
record OpenRun(
    int rate,
    int seconds,
    long due,
    long sent,
    long accepted,
    long inTime,
    long refused,
    long others,
    double p50Millis,
    double p99Millis,
    double sentP99Millis,
    double refusedP99Millis) {
  private static final String LINE = "OPEN ";
  // It holds 10,000 connections and nothing else.
  private static final List<String> MEMORY = List.of("-Xms256m", "-Xmx256m", "-XX:+UseSerialGC");

  /**
   * What to send: so many a second for some time, after a warm-up of sender and server.
   *
   * @param late whether what finds no connection in time is sent after the end
   */
  record Plan(int connections, int warmRate, int warmSeconds, int rate, int seconds, boolean late) {
    List<String> arguments() {
      return Stream.concat(
              IntStream.of(connections, warmRate, warmSeconds, rate, seconds)
                  .mapToObj(Integer::toString),
              Stream.of(late ? "late" : "never"))
          .toList();
    }
  }

  /** Sends as planned, whatever is answered; waits for the end. */
  static OpenRun of(ChildProcesses children, Path work, Stage.Server server, Plan plan)
      throws IOException, InterruptedException {
    server.requests().get().writeTo(work);
    List<String> options = new ArrayList<>(JavaCommand.NETTY_ACCESS);
    options.addAll(MEMORY);
    List<String> arguments = new ArrayList<>();
    arguments.add(server.url().toString());
    arguments.add(WrkRequest.headFile(work).toString());
    arguments.add(WrkRequest.tailFile(work).toString());
    arguments.addAll(plan.arguments());
    List<String> command =
        JavaCommand.of(
            options, System.getProperty("java.class.path"), OpenLoad.class.getName(), arguments);
    Path log = work.resolve("open.log");
    Process process = children.start(new ProcessBuilder(command), log);
    int exit = process.waitFor();
    children.end(process);
    if (exit != 0) {
      throw new ProcessFailure("the open load ended with " + exit + "\n" + LogTail.of(log));
    }
    return parse(plan.rate, plan.seconds, Files.readString(log));
  }

  /**
   * Finds the result in the process' output.
   *
   * @throws IllegalArgumentException when it is not there
   */
  static OpenRun parse(int rate, int seconds, String output) {
    String line =
        output
            .lines()
            .filter(candidate -> candidate.startsWith(LINE))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no result:\n" + output));
    Map<String, Long> values =
        Arrays.stream(line.substring(LINE.length()).strip().split(" ", -1))
            .map(pair -> pair.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> Long.valueOf(pair[1])));
    return new OpenRun(
        rate,
        seconds,
        value(values, "due"),
        value(values, "sent"),
        value(values, "accepted"),
        value(values, "intime"),
        value(values, "refused"),
        value(values, "others") + value(values, "broken") + value(values, "unanswered"),
        value(values, "p50") / 1e3,
        value(values, "p99") / 1e3,
        value(values, "sentp99") / 1e3,
        value(values, "refusedp99") / 1e3);
  }

  private static long value(Map<String, Long> values, String name) {
    Long value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the open load's result lacks '" + name + "'");
    }
    return value;
  }

  /** Accepted a second while the load lasted. */
  double goodput() {
    return (double) inTime / seconds;
  }
}
