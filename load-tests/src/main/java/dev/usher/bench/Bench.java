package dev.usher.bench;

import dev.usher.process.ChildProcesses;
import dev.usher.process.JavaCommand;
import dev.usher.process.ProcessFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures Usher and bare Vert.x servers in turn, round by round, so that what disturbs the machine
 * disturbs all alike, and prints the table of {@link Report}.
 */
public final class Bench {
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final BenchOptions options;
  private final Path loadTests;
  private final Measuring measuring;

  private Bench(BenchOptions options, Path repository, ChildProcesses children) throws IOException {
    this.options = options;
    this.loadTests = repository.resolve("load-tests");
    Path work = Files.createDirectories(loadTests.resolve("target/bench")).toRealPath();
    this.measuring = new Measuring(children, repository, work, options, InstantSource.system());
  }

  /** Ends with 0, with 1 when a measurement failed, with 2 on wrong usage. */
  public static void main(String[] args) throws Exception {
    int exit = 0;
    try (ChildProcesses children = new ChildProcesses()) {
      BenchOptions options = BenchOptions.parse(List.of(args));
      Path repository = Path.of(System.getProperty("usher.repository", "."));
      new Bench(options, repository, children).run(String.join(" ", args));
    } catch (BenchOptions.UsageError wrong) {
      System.err.println("bench: " + wrong.getMessage());
      System.err.println("Try './load-tests/bench --help'.");
      exit = 2;
    } catch (ProcessFailure failed) {
      System.err.println("bench: " + failed.getMessage());
      exit = 1;
    } catch (IOException failed) {
      System.err.println("bench: " + failed);
      exit = 1;
    }
    System.exit(exit);
  }

  private void run(String arguments) throws Exception {
    Map<Subject, List<Measurement>> measurements = new EnumMap<>(Subject.class);
    for (int round = 1; round <= options.rounds(); round++) {
      for (Subject subject : options.subjects()) {
        progress("round %d/%d (%c) ", round, options.rounds(), subject.letter());
        Measurement measured = measuring.measure(subject);
        measurements.computeIfAbsent(subject, first -> new ArrayList<>()).add(measured);
        progress("%,.0f events/s, %.1f µs%n", measured.eventsPerSecond(), measured.cpuMicros());
      }
    }
    String report = heading(arguments) + "\n" + new Report(measurements).markdown();
    System.out.println();
    System.out.print(report);
    Path results = Files.createDirectories(loadTests.resolve("results"));
    Path file = results.resolve("bench-" + FILE_TIME.format(Instant.now()) + ".md");
    Files.writeString(file, report);
    progress("%nKept in %s%n", file);
  }

  private String heading(String arguments) throws IOException {
    int bodyBytes = WrkRequest.to(URI.create("http://127.0.0.1:1/in/src_any"), "any").bodyBytes();
    return """
    %s: `./load-tests/bench %s`

    %s; JDK %s; %d event loops, %s for each server; wrk with %d connections in %d thread(s); \
    body %,d bytes; medians of %d rounds of %d s after at most %d s of warm-up (least–most).
    """
        .formatted(
            Instant.now().toString().substring(0, 16) + " UTC",
            arguments,
            machine(),
            Runtime.version(),
            options.eventLoops(),
            String.join(" ", JavaCommand.SERVER_MEMORY),
            options.connections(),
            options.wrkThreads(),
            bodyBytes,
            options.rounds(),
            options.seconds(),
            options.warmupSeconds());
  }

  private static String machine() throws IOException {
    String model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .orElse(System.getProperty("os.arch"));
    return "%d CPUs (%s), Linux %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(), model, System.getProperty("os.version"));
  }

  private static void progress(String format, Object... values) {
    System.err.printf(Locale.ROOT, format, values);
  }
}
