package dev.usher.bench;

import dev.usher.process.ChildProcesses;
import dev.usher.process.JavaCommand;
import dev.usher.process.ProcessFailure;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/**
 * Measures Usher and bare Vert.x servers in turn, round by round, so that what disturbs the machine
 * disturbs all alike, and writes {@link Results} after each part.
 */
public final class Bench {
  private static final DateTimeFormatter FILE_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final Measuring.Afterwards NOTHING = (server, load) -> {};

  private final BenchOptions options;
  private final ChildProcesses children;
  private final Path repository;
  private final Path work;
  private final Path file;
  private final String heading;
  private final Measuring measuring;
  private final Results results = new Results();

  private Bench(BenchOptions options, Path repository, ChildProcesses children, String arguments)
      throws IOException {
    this.options = options;
    this.children = children;
    this.repository = repository;
    Path loadTests = repository.resolve("load-tests");
    this.work = Files.createDirectories(loadTests.resolve("target/bench")).toRealPath();
    Instant now = Instant.now();
    this.file =
        Files.createDirectories(loadTests.resolve("results"))
            .resolve("bench-" + FILE_TIME.format(now) + ".md");
    this.heading = heading(now, arguments);
    this.measuring = new Measuring(children, repository, work, InstantSource.system());
  }

  /** Ends with 0, with 1 when something could not be measured, with 2 on wrong usage. */
  public static void main(String[] args) throws Exception {
    int exit;
    try (ChildProcesses children = new ChildProcesses()) {
      BenchOptions options = BenchOptions.parse(List.of(args));
      Path repository = Path.of(System.getProperty("usher.repository", ".")).toRealPath();
      Bench bench = new Bench(options, repository, children, String.join(" ", args));
      exit = bench.run() ? 0 : 1;
    } catch (BenchOptions.UsageError wrong) {
      System.err.println("bench: " + wrong.getMessage());
      System.err.println("Try './load-tests/bench --help'.");
      exit = 2;
    } catch (IOException failed) {
      System.err.println("bench: " + failed);
      exit = 1;
    }
    System.exit(exit);
  }

  private boolean run() throws Exception {
    for (Part part : options.parts()) {
      switch (part) {
        case SUBJECTS -> subjects();
        case LATENCY -> attempt("latency", this::latency);
        case OVERLOAD -> attempt("overload", this::overload);
        case START -> attempt("start", this::start);
        case GROWTH -> growth();
      }
    }
    for (Sweep sweep : options.sweeps()) {
      sweep(sweep);
    }
    System.out.println();
    System.out.print(heading + "\n" + results.markdown());
    progress("%nKept in %s%n", file);
    return !results.failed();
  }

  private interface Measured {
    void run() throws Exception;
  }

  /** What fails takes nothing with it that was measured before, nor what comes after. */
  private void attempt(String what, Measured part) throws Exception {
    try {
      part.run();
    } catch (ProcessFailure | IOException failure) {
      System.err.println("bench: " + what + ": " + failure.getMessage());
      results.fail(
          what + ": " + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""));
    }
    Files.writeString(file, heading + "\n" + results.markdown());
  }

  private void subjects() throws Exception {
    for (int round = 1; round <= options.rounds(); round++) {
      for (Subject subject : options.subjectsOr(EnumSet.allOf(Subject.class))) {
        boolean last = round == options.rounds();
        progress("round %d/%d (%c) ", round, options.rounds(), subject.letter());
        attempt(
            "(" + subject.letter() + ")",
            () ->
                results.add(
                    subject,
                    measured(subject, options.setup(), last, last ? profile("") : NOTHING)));
      }
    }
  }

  private void sweep(Sweep sweep) throws Exception {
    for (int round = 1; round <= options.rounds(); round++) {
      for (int value : sweep.steps()) {
        Setup setup = options.setup().with(sweep.condition(), value);
        for (Subject subject : options.subjectsOr(sweep.subjects())) {
          boolean last = round == options.rounds();
          String name = sweep.condition().option() + "-" + value;
          progress("round %d/%d %s (%c) ", round, options.rounds(), name, subject.letter());
          Measuring.Afterwards profile = last ? profile("-" + name) : NOTHING;
          attempt(
              name + " (" + subject.letter() + ")",
              () -> results.add(sweep, value, subject, measured(subject, setup, last, profile)));
        }
      }
    }
  }

  private void growth() throws Exception {
    for (int round = 1; round <= options.rounds(); round++) {
      for (Growth.Step step : Growth.steps(options.most())) {
        progress(
            "round %d/%d %s %,d (b) ",
            round, options.rounds(), step.condition().option(), step.value());
        Setup setup = options.setup().with(step.condition(), step.value());
        attempt(
            "growth, %,d %s".formatted(step.value(), step.condition().option()),
            () ->
                results.growth().add(step, measured(Subject.USHER_ACCEPT, setup, false, NOTHING)));
      }
    }
  }

  private void latency() throws Exception {
    progress("latency (b) ");
    HalfRate half = new OpenMeasuring(children, repository, work).halfRate(options.setup());
    results.set(half);
    progress("p99 %.1f ms at %,d events/s%n", half.run().p99Millis(), half.run().rate());
  }

  private void overload() throws Exception {
    progress("overload (b) ");
    Overload overload = new OpenMeasuring(children, repository, work).overload(options.setup());
    String buffered =
        options
            .setup()
            .environment()
            .getOrDefault(OpenMeasuring.BUFFERED, OpenMeasuring.BUFFERED_EVENTS);
    results.set(overload, " (" + OpenMeasuring.BUFFERED + "=" + buffered + ")");
    progress("%.0f %% of the capacity%n", 100 * overload.goodputShare());
  }

  private void start() throws Exception {
    progress("start ");
    try (HttpClient client = HttpClient.newHttpClient()) {
      double[] seconds =
          new Starts(children, repository, work, client).measure(options.setup(), options.starts());
      results.set(seconds);
      progress("%s s%n", Range.of(seconds).print("%.2f"));
    }
  }

  private Measurement measured(
      Subject subject, Setup setup, boolean statements, Measuring.Afterwards afterwards)
      throws Exception {
    Measurement measured = measuring.measure(subject, setup, statements, afterwards);
    progress("%,.0f events/s, %.1f µs%n", measured.eventsPerSecond(), measured.cpuMicros());
    return measured;
  }

  /** Profiles Usher, where that was asked for; bare servers are what it is compared with. */
  private Measuring.Afterwards profile(String suffix) {
    if (!options.profile()) {
      return NOTHING;
    }
    return (server, load) -> {
      if (server.usher().isPresent()) {
        Path directory = file.resolveSibling(file.getFileName().toString().replace(".md", ""));
        String name = server.subject().letter() + suffix;
        new Profiler(children, directory)
            .profile(server.pid(), name, () -> load.run(options.setup().of(Condition.SECONDS)))
            .forEach(written -> results.addProfile(repository.relativize(written).toString()));
        load.awaitDelivery();
      }
    };
  }

  private String heading(Instant now, String arguments) throws IOException {
    Setup setup = options.setup();
    return """
    %s: `./load-tests/bench %s`

    %s; JDK %s; %d event loops, %s for each server; wrk with %d connections in %d thread(s); \
    body %,d bytes; medians of %d rounds of %d s after at most %d s of warm-up (least–most).
    """
        .formatted(
            now.toString().substring(0, 16) + " UTC",
            arguments,
            machine(),
            Runtime.version(),
            setup.of(Condition.LOOPS),
            String.join(" ", JavaCommand.SERVER_MEMORY),
            setup.of(Condition.CONNECTIONS),
            setup.wrkThreads(),
            Payload.of(setup.of(Condition.PAYLOAD)).bytes(),
            options.rounds(),
            setup.of(Condition.SECONDS),
            setup.of(Condition.WARMUP));
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
