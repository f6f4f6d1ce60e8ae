package dev.usher.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A program of ours in a process of its own, for what only a second process can show. */
public final class ChildJvm implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Thread collector;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  private ChildJvm(Process process) {
    this.process = process;
    this.collector = Thread.ofVirtual().start(this::collect);
  }

  /** Starts {@code main} with this JVM's class path. */
  public static ChildJvm start(Class<?> main, String... arguments) {
    return start(Map.of(), main, arguments);
  }

  /**
   * Starts {@code main} with this JVM's class path and these environment variables besides its own.
   */
  public static ChildJvm start(
      Map<String, String> environment, Class<?> main, String... arguments) {
    return start(List.of(), environment, jar -> true, main, arguments);
  }

  /** Starts {@code main} as the leader of a process group of its own, as a shell starts a job. */
  public static ChildJvm startGroup(Class<?> main, String... arguments) {
    return start(List.of("setsid"), Map.of(), jar -> true, main, arguments);
  }

  /** Starts {@code main} with those parts of the class path only that {@code kept} wants. */
  public static ChildJvm startWith(Predicate<Path> kept, Class<?> main, String... arguments) {
    return start(List.of(), Map.of(), kept, main, arguments);
  }

  private static ChildJvm start(
      List<String> prefix,
      Map<String, String> environment,
      Predicate<Path> kept,
      Class<?> main,
      String... arguments) {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(":", -1))
            .filter(entry -> kept.test(Path.of(entry)))
            .collect(Collectors.joining(":"));
    List<String> line = new ArrayList<>(prefix);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", classPath, main.getName()));
    line.addAll(List.of(arguments));
    try {
      ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
      builder.environment().putAll(environment);
      return new ChildJvm(builder.start());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void collect() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      reader.lines().forEach(lines::add);
    } catch (IOException | java.io.UncheckedIOException e) {
      lines.add("(no more output: " + e + ")");
    }
  }

  public long pid() {
    return process.pid();
  }

  /** All that it printed so far. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /** Waits for a line that begins with {@code beginning}, and returns what follows. */
  public String await(String beginning) {
    Awaitility.await().atMost(PATIENCE).until(() -> has(beginning) || !collector.isAlive());
    assertThat(has(beginning)).as("prints '%s', but printed %s", beginning, lines).isTrue();
    return lines.stream()
        .filter(line -> line.startsWith(beginning))
        .map(line -> line.substring(beginning.length()))
        .findFirst()
        .orElseThrow();
  }

  private boolean has(String beginning) {
    return lines.stream().anyMatch(line -> line.startsWith(beginning));
  }

  /** What the terminal does on Ctrl-C: SIGINT to every process of the group. */
  public void interruptGroup() {
    Signals.send("INT", -pid());
  }

  /** SIGINT to the process alone. */
  public void interrupt() {
    Signals.send("INT", pid());
  }

  /** {@code kill -9}. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Waits for its end and returns its exit code. */
  public int awaitExit() {
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("ends, having printed %s", lines)
          .isTrue();
      collector.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
