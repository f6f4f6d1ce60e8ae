package dev.usher.load;

import dev.usher.measure.Latencies;
import dev.usher.measure.Phases;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** What a run's senders were told, and when. May be used by any thread. */
public final class Answers {
  private static final int ACCEPTED = 202;
  private static final int UNAVAILABLE = 503;

  private final Phases phases;
  private final List<Latencies> inPhase;
  private final List<LongAdder> acceptedInPhase;
  private final List<Latencies> refused;
  private final LongAdder withoutRetryAfter = new LongAdder();
  private final Map<Integer, LongAdder> byStatus = new ConcurrentHashMap<>();

  Answers(Phases phases) {
    this.phases = phases;
    this.inPhase = latencies(phases.count());
    this.refused = latencies(phases.count());
    this.acceptedInPhase =
        IntStream.range(0, phases.count()).mapToObj(_ -> new LongAdder()).toList();
  }

  private static List<Latencies> latencies(int phases) {
    return IntStream.range(0, phases).mapToObj(_ -> new Latencies()).toList();
  }

  /**
   * Notes an answer to an event that should be accepted; 503 apart from the others.
   *
   * @param millis from the request to the answer
   */
  public void note(int status, int millis, boolean retryAfter) {
    count(status);
    if (status == UNAVAILABLE) {
      refused.get(phases.now()).record(millis * 1_000L);
      if (!retryAfter) {
        withoutRetryAfter.increment();
      }
    } else {
      inPhase.get(phases.now()).record(millis * 1_000L);
    }
    if (status == ACCEPTED && !phases.over()) {
      acceptedInPhase.get(phases.now()).increment();
    }
  }

  /**
   * Notes an answer that is only counted.
   *
   * @param status 0 for none
   */
  public void count(int status) {
    byStatus.computeIfAbsent(status, _ -> new LongAdder()).increment();
  }

  /** Times to the answers that came in a phase, without 503. */
  public Latencies inPhase(int phase) {
    return inPhase.get(phase);
  }

  /** Events a second that were accepted while a phase ran. */
  public double acceptedPerSecond(int phase) {
    return acceptedInPhase.get(phase).sum() * 1e3 / phases.length(phase).toMillis();
  }

  /** Times to the answers 503 that came in a phase. */
  public Latencies refused(int phase) {
    return refused.get(phase);
  }

  /** Answers 503 that did not say when to come again. */
  public long refusedWithoutRetryAfter() {
    return withoutRetryAfter.sum();
  }

  /** How many answers there were of each status; 0 stands for none at all. */
  public Map<Integer, Long> byStatus() {
    Map<Integer, Long> counts = new TreeMap<>();
    byStatus.forEach((status, count) -> counts.put(status, count.sum()));
    return counts;
  }
}
