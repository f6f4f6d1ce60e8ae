package dev.usher.bench;

import dev.usher.process.ChildProcesses;
import dev.usher.process.LogTail;
import dev.usher.process.ProcessFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import one.profiler.AsyncProfilerLoader;

/**
 * Profiles a gateway under load, CPU first and then allocation, each with a load of its own, after
 * all that is measured: what a profiler costs is in no figure. With async-profiler as collapsed
 * stacks and as a flame graph; where it does not run on this machine, with the JVM's own recorder.
 */
record Profiler(ChildProcesses children, Path results) {
  // A timer of the CPU time of each thread: needs no right to the machine's counters.
  private static final List<String> CPU = List.of("-e", "ctimer", "-i", "1ms");
  private static final List<String> ALLOCATION = List.of("-e", "alloc", "-i", "64k");

  /** A load that lasts as long as one profile. */
  interface LoadOnce {
    void run() throws Exception;
  }

  /** The files that were written. */
  List<Path> profile(long pid, String name, LoadOnce load) throws Exception {
    Files.createDirectories(results);
    if (!AsyncProfilerLoader.isSupported()) {
      return List.of(record(pid, name, load));
    }
    Path cpu = sample(pid, CPU, name + "-cpu", load);
    Path allocation = sample(pid, ALLOCATION, name + "-alloc", load);
    return List.of(cpu, allocation);
  }

  private Path sample(long pid, List<String> event, String name, LoadOnce load) throws Exception {
    Path stacks = results.resolve(name + ".collapsed");
    Path flames = results.resolve(name + ".html");
    asprof(pid, List.of("start"), event);
    try {
      load.run();
    } finally {
      asprof(pid, List.of("dump", "-o", "collapsed", "-f", stacks.toString()), List.of());
      asprof(pid, List.of("stop", "-o", "flamegraph", "-f", flames.toString()), List.of());
    }
    return flames;
  }

  private static void asprof(long pid, List<String> action, List<String> event) throws IOException {
    String[] arguments =
        Stream.of(action, event, List.of(Long.toString(pid)))
            .flatMap(List::stream)
            .toArray(String[]::new);
    String errors = AsyncProfilerLoader.executeProfiler(arguments).getStderr();
    if (errors.contains("ERROR")) {
      throw new ProcessFailure("async-profiler: " + errors.strip());
    }
  }

  /** CPU and allocation in one recording; {@code jfr view} shows it. */
  private Path record(long pid, String name, LoadOnce load) throws Exception {
    Path recording = results.resolve(name + ".jfr");
    jcmd(pid, "JFR.start", "name=bench", "settings=profile");
    try {
      load.run();
    } finally {
      jcmd(pid, "JFR.stop", "name=bench", "filename=" + recording);
    }
    return recording;
  }

  private void jcmd(long pid, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid)));
    command.addAll(List.of(arguments));
    Path log = results.resolve("jcmd.log");
    Process process = children.start(new ProcessBuilder(command), log);
    int exit = process.waitFor();
    children.end(process);
    if (exit != 0) {
      throw new ProcessFailure("jcmd ended with " + exit + "\n" + LogTail.of(log));
    }
  }
}
