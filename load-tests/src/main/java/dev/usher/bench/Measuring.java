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
import java.util.Optional;
import java.util.OptionalDouble;

/** Measures a subject once: starts it, warms it up, loads it, checks that nothing is missing. */
final class Measuring {
  private static final double KIB = 1_024;
  private static final double MIB = KIB * KIB;
  // A look-up may take so long that Postgres is asked instead. Where that is more than an
  // exception, something else is measured.
  private static final double REMEMBERED = 0.9;
  private static final int COUNTED_SECONDS = 2;

  private final ChildProcesses children;
  private final Path repository;
  private final Path work;
  private final InstantSource clock;

  /** What is asked of a server after its measurement, while it is warm. */
  interface Afterwards {
    void accept(Stage.Server server, Load load) throws Exception;
  }

  Measuring(ChildProcesses children, Path repository, Path work, InstantSource clock) {
    this.children = children;
    this.repository = repository;
    this.work = work;
    this.clock = clock;
  }

  /**
   * One measurement.
   *
   * @param statements whether Postgres' statements are counted too, after the measured time
   * @throws ProcessFailure when a process fails, an answer is not what it should be, or an event is
   *     lost
   */
  Measurement measure(Subject subject, Setup setup, boolean statements, Afterwards afterwards)
      throws Exception {
    try (Stage stage = new Stage(children, repository, work, setup)) {
      Stage.Server server = stage.open(subject);
      Load load = new Load(children, work, server, setup);
      try {
        load.warmUp();
        Measurement measured = measure(server, load, setup, statements);
        afterwards.accept(server, load);
        return measured;
      } catch (ProcessFailure failure) {
        throw new ProcessFailure(
            failure.getMessage() + counted(server) + "\n" + LogTail.of(server.log()));
      }
    }
  }

  /** What Usher says of all requests since its start, for the message of a failure. */
  private static String counted(Stage.Server server) throws InterruptedException {
    if (server.usher().isEmpty()) {
      return "";
    }
    try {
      return "\nUsher counted " + server.usher().get().metrics().counts().requests();
    } catch (IOException gone) {
      return "\nUsher does not answer any more: " + gone;
    }
  }

  private Measurement measure(Stage.Server server, Load load, Setup setup, boolean statements)
      throws IOException, InterruptedException {
    load.awaitQuiet();
    Receiver.Counts receivedBefore = load.awaitDelivery();
    Optional<Reading> before = reading(server);
    CpuReading cpuBefore = CpuReading.now(server);
    Instant start = clock.instant();
    WrkResult result = load.run(setup.of(Condition.SECONDS));
    Receiver.Counts received = load.awaitDelivery();
    CpuReading cpu = CpuReading.now(server).since(cpuBefore);
    long peakKib = ResidentMemory.peakKib(server.pid());
    checkReceived(server, received.requests() - receivedBefore.requests(), result.requests());
    Optional<Measurement.Inside> inside = Optional.empty();
    if (before.isPresent()) {
      Reading used = reading(server).orElseThrow().since(before.get());
      checkOutcomes(server.subject(), used.counts, result.requests());
      inside = Optional.of(inside(server, load, used, statements));
    }
    long delivered =
        server.subject() == Subject.USHER_DELIVER
            ? (received.distinct() - receivedBefore.distinct()) / setup.of(Condition.FAN_OUT)
            : 0;
    long micros = received.lastAtMicros() - ChronoUnit.MICROS.between(Instant.EPOCH, start);
    return delivered == 0
        ? measurement(
            result,
            result.requests(),
            result.perSecond(),
            OptionalDouble.empty(),
            cpu,
            peakKib,
            inside)
        : measurement(
            result,
            delivered,
            delivered * 1e6 / micros,
            OptionalDouble.of(result.perSecond()),
            cpu,
            peakKib,
            inside);
  }

  private static Measurement measurement(
      WrkResult result,
      long events,
      double eventsPerSecond,
      OptionalDouble acceptedPerSecond,
      CpuReading cpu,
      long peakKib,
      Optional<Measurement.Inside> inside) {
    return new Measurement(
        eventsPerSecond,
        acceptedPerSecond,
        result.p50Micros() / 1e3,
        result.p99Micros() / 1e3,
        (double) cpu.server() / events,
        (double) cpu.compiler() / events,
        (double) cpu.stores().postgresMicros() / events,
        (double) cpu.stores().redisMicros() / events,
        peakKib / KIB,
        (double) cpu.load() / events,
        cpu.others() * 1e3 / cpu.nanoTime(),
        cpu.stolen() * 1e3 / cpu.nanoTime(),
        inside);
  }

  /** Usher's counts with its heap just collected, and how far Postgres' log has come. */
  private record Reading(UsherMetrics.Counts counts, long walBytes) {
    Reading since(Reading earlier) {
      return new Reading(counts.since(earlier.counts), walBytes - earlier.walBytes);
    }
  }

  private static Optional<Reading> reading(Stage.Server server)
      throws IOException, InterruptedException {
    if (server.usher().isEmpty()) {
      return Optional.empty();
    }
    Stage.Usher usher = server.usher().get();
    usher.postgres().awaitSettled();
    return Optional.of(new Reading(usher.heap().collect(), usher.postgres().walBytes()));
  }

  private static Measurement.Inside inside(
      Stage.Server server, Load load, Reading used, boolean statements)
      throws IOException, InterruptedException {
    boolean journaled = server.subject().isJournaled();
    int bodyBytes = server.requests().get().bodyBytes();
    double events = used.counts.requests(server.subject().outcome());
    double[] counted =
        statements && journaled
            ? statementsAndCommits(server, load)
            : new double[] {Double.NaN, Double.NaN};
    return new Measurement.Inside(
        journaled ? events / used.counts.batches() : Double.NaN,
        journaled ? used.walBytes / (events * bodyBytes) : Double.NaN,
        (used.counts.allocatedBytes() / events - bodyBytes) / KIB,
        used.counts.heapBytes() / MIB,
        counted[0],
        counted[1],
        server.subject() == Subject.USHER_DUPLICATE
            ? used.counts.remembered() / events
            : Double.NaN);
  }

  /** The journal's, for each of its batches. */
  private static double[] statementsAndCommits(Stage.Server server, Load load)
      throws IOException, InterruptedException {
    Stage.Usher usher = server.usher().orElseThrow();
    StatementLog log = usher.postgres().logStatements();
    Await.pause(Duration.ofSeconds(1)); // until each of Postgres' processes has heard of it
    StatementLog.Count before = log.count();
    long batchesBefore = usher.metrics().counts().batches();
    load.run(COUNTED_SECONDS);
    load.awaitDelivery();
    load.awaitQuiet();
    usher.postgres().awaitSettled();
    StatementLog.Count counted = log.count().minus(before);
    double batches = usher.metrics().counts().batches() - batchesBefore;
    usher.postgres().stopLoggingStatements();
    return new double[] {counted.statements() / batches, counted.writes() / batches};
  }

  private static void checkOutcomes(Subject subject, UsherMetrics.Counts counts, long answers) {
    long expected = counts.requests(subject.outcome());
    if (expected < answers || expected != counts.allRequests()) {
      throw new ProcessFailure(
          "wrk got %d answers; all should be '%s', Usher counted %s"
              .formatted(answers, subject.outcome(), counts.requests()));
    }
    if (subject == Subject.USHER_DUPLICATE && counts.remembered() < REMEMBERED * answers) {
      throw new ProcessFailure(
          "of %d duplicates Redis knew %d".formatted(answers, counts.remembered()));
    }
  }

  /** A proxy's answers are worth nothing unless the receiver has got the requests. */
  private static void checkReceived(Stage.Server server, long received, long answers) {
    if (server.receiver().isPresent() && received < answers) {
      throw new ProcessFailure(
          "wrk got %d answers, the receiver got %d requests".formatted(answers, received));
    }
  }
}
