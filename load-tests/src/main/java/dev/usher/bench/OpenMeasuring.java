package dev.usher.bench;

import dev.usher.measure.Latencies;
import dev.usher.process.Await;
import dev.usher.process.ChildProcesses;
import dev.usher.process.LogTail;
import dev.usher.process.ProcessFailure;
import dev.usher.process.ResidentMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Measures subject (b) in an open model: at half of its maximum, and at three times of it. */
final class OpenMeasuring {
  private static final int TIMES = 3;
  // The gateway is warm by then, the sender is not.
  private static final int SENDER_WARM_SECONDS = 10;
  private static final double KIB_PER_MIB = 1_024;
  private static final Duration MEMORY_EVERY = Duration.ofMillis(200);

  /**
   * What an event loop of the overloaded gateway may have uncommitted. Over HTTP/1.1 each such
   * event holds a connection, and with the default of 4,096 the limit of connections, which is the
   * same, would be reached first: connections would be cut instead of requests refused.
   */
  static final String BUFFERED = "USHER_JOURNAL_BUFFERED_EVENTS";

  static final String BUFFERED_EVENTS = "1024";

  // More than may be uncommitted, by those that are being refused.
  private static final int OVERLOAD_CONNECTIONS = 4_000;

  private final ChildProcesses children;
  private final Path repository;
  private final Path work;

  OpenMeasuring(ChildProcesses children, Path repository, Path work) {
    this.children = children;
    this.repository = repository;
    this.work = work;
  }

  private interface Measured<T> {
    T with(Stage.Server server, Load load) throws Exception;
  }

  private <T> T measure(Setup setup, Measured<T> measured) throws Exception {
    try (Stage stage = new Stage(children, repository, work, setup)) {
      Stage.Server server = stage.open(Subject.USHER_ACCEPT);
      Load load = new Load(children, work, server, setup);
      try {
        load.warmUp();
        return measured.with(server, load);
      } catch (ProcessFailure failure) {
        throw new ProcessFailure(failure.getMessage() + "\n" + LogTail.of(server.log()));
      }
    }
  }

  /** At half of what wrk gets through just before, with the store's own commits beside. */
  HalfRate halfRate(Setup setup) throws Exception {
    return measure(
        setup,
        (server, load) -> {
          int seconds = setup.of(Condition.SECONDS);
          int rate = Math.max(1, (int) (load.run(seconds).perSecond() / 2));
          load.awaitQuiet();
          AtomicBoolean running = new AtomicBoolean(true);
          PostgresStore postgres = server.usher().orElseThrow().postgres();
          Beside<Latencies> commits = new Beside<>(() -> postgres.commits(running::get));
          OpenRun run;
          try {
            run =
                OpenRun.of(
                    children,
                    work,
                    server,
                    new OpenRun.Plan(
                        setup.of(Condition.CONNECTIONS),
                        rate,
                        warmSeconds(setup),
                        rate,
                        seconds,
                        true));
          } finally {
            running.set(false);
          }
          Latencies own = commits.result();
          return new HalfRate(run, own.millis(50), own.millis(99), own.count());
        });
  }

  /** At three times of what wrk gets through just before. */
  Overload overload(Setup setup) throws Exception {
    return measure(
        setup.withDefault(BUFFERED, BUFFERED_EVENTS),
        (server, load) -> {
          int seconds = setup.of(Condition.SECONDS);
          double capacity = load.run(seconds).perSecond();
          load.awaitQuiet();
          AtomicBoolean running = new AtomicBoolean(true);
          Beside<List<Double>> memory = new Beside<>(() -> resident(server.pid(), running));
          OpenRun run;
          try {
            run =
                OpenRun.of(
                    children,
                    work,
                    server,
                    new OpenRun.Plan(
                        OVERLOAD_CONNECTIONS,
                        (int) (capacity / 2),
                        warmSeconds(setup),
                        (int) (TIMES * capacity),
                        seconds,
                        false));
          } finally {
            running.set(false);
          }
          return new Overload(capacity, run, memory.result());
        });
  }

  private static int warmSeconds(Setup setup) {
    return Math.min(SENDER_WARM_SECONDS, setup.of(Condition.WARMUP));
  }

  private static List<Double> resident(long pid, AtomicBoolean running)
      throws IOException, InterruptedException {
    List<Double> mib = new ArrayList<>();
    while (running.get()) {
      mib.add(ResidentMemory.kib(pid) / KIB_PER_MIB);
      Await.pause(MEMORY_EVERY);
    }
    return mib;
  }

  /** Something that goes on beside the load, on a thread of its own. */
  private static final class Beside<T> {
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<T> result;

    Beside(Callable<T> work) {
      result = thread.submit(work);
      thread.shutdown();
    }

    T result() throws InterruptedException {
      try {
        return result.get();
      } catch (ExecutionException e) {
        throw new ProcessFailure("beside the load: " + e.getCause());
      }
    }
  }
}
