package dev.usher.bench;

import dev.usher.bare.Receiver;
import dev.usher.process.Await;
import dev.usher.process.ChildProcesses;
import dev.usher.process.ProcessFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Loads a server with wrk, and sees to it that nothing of what was answered is missing. */
final class Load {
  // A gateway that accepts twice as fast as it delivers needs as long again as it was loaded.
  private static final Duration DELIVERY_BOUND = Duration.ofMinutes(2);
  private static final int SLICE_SECONDS = 5;
  // Of the server's CPU time. Lower takes minutes for a few per cent: some methods are always cold.
  private static final double COMPILER_SHARE = 0.05;
  // A gateway that has just started may need a second for its first answers.
  private static final int PRIMING_SECONDS = 3;
  private static final int PRIMING_ROUNDS = 5;
  // Few, so that Redis is told of every key: what it does not hear of it never answers.
  private static final int PRIMING_CONNECTIONS = 8;

  private final Stage.Server server;
  private final Setup setup;
  private final Wrk wrk;
  private final Wrk primer;

  Load(ChildProcesses children, Path work, Stage.Server server, Setup setup) {
    this.server = server;
    this.setup = setup;
    int connections = setup.of(Condition.CONNECTIONS);
    this.wrk = new Wrk(children, work, setup.wrkThreads(), connections);
    int few = Math.max(setup.wrkThreads(), Math.min(connections, PRIMING_CONNECTIONS));
    this.primer = new Wrk(children, work, setup.wrkThreads(), few);
  }

  /** Sends for so many seconds; fails when an answer is another than the subject's. */
  WrkResult run(int seconds) throws IOException, InterruptedException {
    return run(wrk, seconds);
  }

  private WrkResult run(Wrk generator, int seconds) throws IOException, InterruptedException {
    return generator.run(
        server.url(), server.requests().get(), seconds, server.subject() == Subject.USHER_FORGED);
  }

  /**
   * Loads the server until its just-in-time compiler has little left to do, within the bound that
   * the setup has: compiling can take as much CPU time as serving, and Usher has far more to
   * compile than a bare server, so the same short warm-up for both would compare compilers.
   */
  void warmUp() throws IOException, InterruptedException {
    if (server.subject() == Subject.USHER_DUPLICATE) {
      prime();
    }
    double compilerShare = 1;
    for (int left = setup.of(Condition.WARMUP); left > 0 && compilerShare > COMPILER_SHARE; ) {
      int seconds = Math.min(left, SLICE_SECONDS);
      CpuReading before = CpuReading.now(server);
      run(seconds);
      CpuReading cpu = CpuReading.now(server).since(before);
      compilerShare = (double) cpu.compiler() / Math.max(1, cpu.server());
      left -= seconds;
    }
  }

  /** Lets each key be accepted once, so that from then on every request is a duplicate. */
  private void prime() throws IOException, InterruptedException {
    long keys = (long) server.requests().get().keys() * setup.wrkThreads();
    UsherMetrics metrics = usher().metrics();
    for (int round = 0; round < PRIMING_ROUNDS; round++) {
      run(primer, PRIMING_SECONDS);
      if (metrics.counts().requests(Subject.USHER_ACCEPT.outcome()) == keys) {
        return;
      }
    }
    throw new ProcessFailure("the keys to repeat were not all accepted: " + metrics.counts());
  }

  private Stage.Usher usher() {
    return server.usher().orElseThrow();
  }

  /**
   * Waits until the receiver has all that Usher has accepted since its start, each event once for
   * each endpoint; does not wait for a proxy, which answers only afterwards.
   */
  Receiver.Counts awaitDelivery() throws IOException, InterruptedException {
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
                  && counts.distinct() == owed();
            });
    Receiver.Counts counts = receiver.counts();
    if (!complete) {
      throw new ProcessFailure(
          "after %d s Usher owes %d deliveries and the receiver has got %d of them"
              .formatted(DELIVERY_BOUND.toSeconds(), owed(), counts.distinct()));
    }
    return counts;
  }

  private long owed() throws IOException, InterruptedException {
    return usher().metrics().counts().requests(Subject.USHER_DELIVER.outcome())
        * usher().endpoints();
  }
}
