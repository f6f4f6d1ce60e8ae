package dev.usher.bench;

import dev.usher.bare.Receiver;
import dev.usher.process.Await;
import dev.usher.process.ChildProcesses;
import dev.usher.process.LogTail;
import dev.usher.process.ProcessFailure;
import dev.usher.process.ResidentMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/** Measures a subject once: starts it, warms it up, loads it, checks that nothing is missing. */
final class Measuring {
  // A gateway that accepts twice as fast as it delivers needs as long again as it was loaded.
  private static final Duration DELIVERY_BOUND = Duration.ofMinutes(2);
  private static final int WARMUP_SLICE_SECONDS = 5;
  // Of the server's CPU time. Lower takes minutes for a few per cent: some methods are always cold.
  private static final double COMPILER_SHARE = 0.05;

  private final ChildProcesses children;
  private final Path repository;
  private final Path work;
  private final BenchOptions options;
  private final InstantSource clock;

  Measuring(
      ChildProcesses children,
      Path repository,
      Path work,
      BenchOptions options,
      InstantSource clock) {
    this.children = children;
    this.repository = repository;
    this.work = work;
    this.options = options;
    this.clock = clock;
  }

  /**
   * One measurement.
   *
   * @throws ProcessFailure when a process fails, an answer is not what it should be, or an event is
   *     lost
   */
  Measurement measure(Subject subject) throws Exception {
    try (Stage stage = new Stage(children, repository, work, options)) {
      Stage.Server server = stage.open(subject);
      try {
        return measure(server);
      } catch (ProcessFailure failure) {
        throw new ProcessFailure(failure.getMessage() + "\n" + LogTail.of(server.log()));
      }
    }
  }

  private Measurement measure(Stage.Server server) throws IOException, InterruptedException {
    Wrk wrk = new Wrk(children, work, options.wrkThreads(), options.connections());
    warmUp(server, wrk);
    long acceptedBefore = accepted(server);
    Receiver.Counts receivedBefore = awaitDelivery(server, acceptedBefore);
    CpuReading cpuBefore = CpuReading.now(server);
    Instant start = clock.instant();
    WrkResult result = wrk.run(server.url(), server.secret(), options.seconds());
    Receiver.Counts received = awaitDelivery(server, acceptedBefore + result.requests());
    CpuReading cpu = CpuReading.now(server).since(cpuBefore);
    checkAccepted(server, acceptedBefore, result.requests());
    checkReceived(server, received.requests() - receivedBefore.requests(), result.requests());
    long peakKib = ResidentMemory.peakKib(server.pid());
    long delivered = received.distinct() - receivedBefore.distinct();
    if (delivered == 0) {
      return measurement(
          result, result.requests(), result.perSecond(), OptionalDouble.empty(), cpu, peakKib);
    }
    long micros = received.lastAtMicros() - ChronoUnit.MICROS.between(Instant.EPOCH, start);
    double perSecond = delivered * 1e6 / micros;
    return measurement(
        result, delivered, perSecond, OptionalDouble.of(result.perSecond()), cpu, peakKib);
  }

  /**
   * Loads the server until its just-in-time compiler has little left to do, within the bound that
   * the options set: compiling can take as much CPU time as serving, and Usher has far more to
   * compile than a bare server, so the same short warm-up for both would compare compilers.
   */
  private void warmUp(Stage.Server server, Wrk wrk) throws IOException, InterruptedException {
    double compilerShare = 1;
    for (int left = options.warmupSeconds(); left > 0 && compilerShare > COMPILER_SHARE; ) {
      int seconds = Math.min(left, WARMUP_SLICE_SECONDS);
      CpuReading before = CpuReading.now(server);
      wrk.run(server.url(), server.secret(), seconds);
      CpuReading cpu = CpuReading.now(server).since(before);
      compilerShare = (double) cpu.compiler() / Math.max(1, cpu.server());
      left -= seconds;
    }
  }

  private static Measurement measurement(
      WrkResult result,
      long events,
      double eventsPerSecond,
      OptionalDouble acceptedPerSecond,
      CpuReading cpu,
      long peakKib) {
    return new Measurement(
        eventsPerSecond,
        acceptedPerSecond,
        result.p50Micros() / 1e3,
        result.p99Micros() / 1e3,
        (double) cpu.server() / events,
        (double) cpu.compiler() / events,
        (double) cpu.stores().postgresMicros() / events,
        (double) cpu.stores().redisMicros() / events,
        peakKib / 1024.0,
        (double) cpu.load() / events,
        cpu.others() * 1e3 / cpu.nanoTime());
  }

  /**
   * Waits until the receiver has every event that Usher has accepted since its start, counted by
   * their ids; does not wait for a proxy, which answers only afterwards.
   *
   * @param atLeast what is known to be accepted
   */
  private static Receiver.Counts awaitDelivery(Stage.Server server, long atLeast)
      throws IOException, InterruptedException {
    if (server.receiver().isEmpty()) {
      return new Receiver.Counts(0, 0, 0);
    }
    ReceiverClient receiver = server.receiver().get();
    if (server.usher().isEmpty()) {
      return receiver.counts();
    }
    AtomicLong before = new AtomicLong(-1);
    boolean complete =
        Await.until(
            DELIVERY_BOUND,
            () -> {
              Receiver.Counts counts = receiver.counts();
              // Usher is asked only when nothing comes any more: its answer costs it CPU time.
              return before.getAndSet(counts.requests()) == counts.requests()
                  && counts.distinct() >= atLeast
                  && counts.distinct() == accepted(server);
            });
    Receiver.Counts counts = receiver.counts();
    if (!complete) {
      throw new ProcessFailure(
          "after %d s Usher has accepted %d events and the receiver has got %d of them"
              .formatted(DELIVERY_BOUND.toSeconds(), accepted(server), counts.distinct()));
    }
    return counts;
  }

  private static void checkAccepted(Stage.Server server, long before, long answers)
      throws IOException, InterruptedException {
    if (server.usher().isPresent() && accepted(server) - before < answers) {
      throw new ProcessFailure(
          "wrk got %d answers, Usher counted %d accepted"
              .formatted(answers, accepted(server) - before));
    }
  }

  /** A proxy's answers are worth nothing unless the receiver has got the requests. */
  private static void checkReceived(Stage.Server server, long received, long answers) {
    if (server.receiver().isPresent() && received < answers) {
      throw new ProcessFailure(
          "wrk got %d answers, the receiver got %d requests".formatted(answers, received));
    }
  }

  /** Events that Usher has accepted since its start; 0 for a bare server. */
  private static long accepted(Stage.Server server) throws IOException, InterruptedException {
    if (server.usher().isEmpty()) {
      return 0;
    }
    Map<String, Long> outcomes = server.usher().get().metrics().requestsByOutcome();
    long accepted = outcomes.getOrDefault("accepted", 0L);
    if (outcomes.size() > (accepted > 0 ? 1 : 0)) {
      throw new ProcessFailure("every event should have been accepted, Usher counted " + outcomes);
    }
    return accepted;
  }
}
