package dev.usher.measure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The stretches of a run, one after the other: a warm-up that is not judged, what is compared, and
 * what it is compared with. The clock starts with the first question. May be used by any thread.
 */
public final class Phases {
  /** The phase before what is judged: senders and gateway compile what they run. */
  public static final String WARM_UP = "warm-up";

  /** One stretch; of no length where it is left out. */
  public record Phase(String name, Duration length) {
    public static Phase ofSeconds(String name, int seconds) {
      return new Phase(name, Duration.ofSeconds(seconds));
    }
  }

  private final List<Phase> phases;
  private final AtomicLong startNanos = new AtomicLong();

  /** At least one phase. */
  public Phases(Phase... phases) {
    this.phases = List.of(phases);
  }

  /** The index of the phase that runs now; the last one also after its end. */
  public int now() {
    long elapsed = elapsedNanos();
    long end = 0;
    for (int i = 0; i < phases.size() - 1; i++) {
      end += phases.get(i).length.toNanos();
      if (elapsed < end) {
        return i;
      }
    }
    return phases.size() - 1;
  }

  /** Whether the last phase is over. */
  public boolean over() {
    return elapsedNanos() >= length().toNanos();
  }

  /** Time since the first question to this object. */
  public long elapsedNanos() {
    long now = System.nanoTime();
    long start = startNanos.get();
    if (start == 0) {
      startNanos.compareAndSet(0, now);
      start = startNanos.get();
    }
    return now - start;
  }

  /** Sets the clock to the beginning of a phase: what comes before it took its own time. */
  public void skipTo(int phase) {
    long before = phases.subList(0, phase).stream().mapToLong(each -> each.length.toNanos()).sum();
    startNanos.set(System.nanoTime() - before);
  }

  /** All of them together. */
  public Duration length() {
    return phases.stream().map(Phase::length).reduce(Duration.ZERO, Duration::plus);
  }

  public int count() {
    return phases.size();
  }

  public String name(int phase) {
    return phases.get(phase).name;
  }

  public Duration length(int phase) {
    return phases.get(phase).length;
  }
}
