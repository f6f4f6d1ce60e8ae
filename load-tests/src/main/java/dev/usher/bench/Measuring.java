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
    if (options.warmupSeconds() > 0) {
      wrk.run(server.url(), server.secret(), options.warmupSeconds());
    }
    long acceptedBefore = accepted(server);
    Receiver.Counts receivedBefore = awaitDelivery(server, acceptedBefore);
    CpuReading cpuBefore = CpuReading.now(server);
    Instant start = clock.instant();
    WrkResult result = wrk.run(server.url(), server.secret(), options.seconds());
    Receiver.Counts received = awaitDelivery(server, acceptedBefore + result.requests());
    CpuReading cpu = CpuReading.now(server).since(cpuBefore);
    checkAccepted(server, acceptedBefore, result.requests());
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
        (double) cpu.stores().postgresMicros() / events,
        (double) cpu.stores().redisMicros() / events,
        peakKib / 1024.0,
        (double) cpu.load() / events,
        cpu.others() * 1e3 / cpu.nanoTime());
  }

  /**
   * Waits until the receiver has every event that Usher has accepted since its start, counted by
   * their ids; does not wait where Usher delivers nothing.
   *
   * @param atLeast what is known to be accepted
   */
  private static Receiver.Counts awaitDelivery(Stage.Server server, long atLeast)
      throws IOException, InterruptedException {
    if (server.receiver().isEmpty() || server.usher().isEmpty()) {
      return new Receiver.Counts(0, 0, 0);
    }
    ReceiverClient receiver = server.receiver().get();
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
