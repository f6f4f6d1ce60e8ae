package dev.usher.load;

import dev.usher.measure.Exposition;
import dev.usher.receive.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What a gateway holds while a run lasts, from its own metrics: looked at every few seconds, and
 * compared at the end. "Flat" is: the least of the last quarter is no more than the least of the
 * first one and what is allowed. The least, because a heap fills until it is collected.
 */
public final class GatewaySamples implements AutoCloseable {
  private static final double MIB = 1 << 20;

  /**
   * One look.
   *
   * @param seconds since the first one
   * @param heapMib used of the heap, garbage included
   * @param buffersMib direct and mapped memory outside the heap
   */
  public record Sample(
      double seconds, double heapMib, double buffersMib, double descriptors, double threads) {}

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI management;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final List<Sample> samples = new ArrayList<>();
  private int failed;
  private long startNanos;

  /** Nothing is sampled yet: see {@link #start}. */
  public GatewaySamples(URI management) {
    this.management = management;
  }

  /** Begins, after a delay. */
  public void start(Duration delay, Duration every) {
    timer.scheduleAtFixedRate(
        this::look, delay.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      add(Exposition.of(client, management));
    } catch (IOException failure) {
      missed();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void missed() {
    failed++;
  }

  private synchronized void add(Exposition metrics) {
    if (samples.isEmpty()) {
      startNanos = System.nanoTime();
    }
    samples.add(
        new Sample(
            (System.nanoTime() - startNanos) / 1e9,
            metrics.sum("jvm_memory_used_bytes", "area=\"heap\"") / MIB,
            metrics.sum("jvm_buffer_memory_used_bytes") / MIB,
            metrics.sum("process_files_open_files"),
            metrics.sum("jvm_threads_live_threads")));
  }

  /** Why a figure is not flat; empty where it is. */
  public synchronized Optional<String> growth(
      String unit, ToDoubleFunction<Sample> figure, double allowed) {
    if (samples.size() < 8) {
      return Optional.of(
          "only %d looks at %s succeeded, %d failed; expected 8 at least"
              .formatted(samples.size(), management, failed));
    }
    double early = least(figure, 0);
    double late = least(figure, 3);
    return Check.unless(
        late <= early + allowed,
        "%.0f %s in the first quarter, %.0f in the last; allowed are %.0f more"
            .formatted(early, unit, late, allowed));
  }

  private double least(ToDoubleFunction<Sample> figure, int quarter) {
    int from = samples.size() * quarter / 4;
    int to = samples.size() * (quarter + 1) / 4;
    return samples.subList(from, to).stream().mapToDouble(figure).min().orElse(0);
  }

  /** A line for people, from the first and the last quarter. */
  public synchronized String summary() {
    if (samples.size() < 8) {
      return samples.size() + " looks at the gateway's metrics: too few to compare";
    }
    return "least in the first and the last quarter: heap %.0f and %.0f MiB, buffers %.0f and %.0f"
            .formatted(
                least(Sample::heapMib, 0),
                least(Sample::heapMib, 3),
                least(Sample::buffersMib, 0),
                least(Sample::buffersMib, 3))
        + " MiB, descriptors %.0f and %.0f, threads %.0f and %.0f; %d looks"
            .formatted(
                least(Sample::descriptors, 0),
                least(Sample::descriptors, 3),
                least(Sample::threads, 0),
                least(Sample::threads, 3),
                samples.size());
  }

  /** Writes all of them as CSV. */
  public synchronized void write(Path file) {
    StringBuilder text = new StringBuilder("seconds,heap_mib,buffers_mib,descriptors,threads\n");
    for (Sample sample : samples) {
      text.append(
          "%.0f,%.1f,%.1f,%.0f,%.0f\n"
              .formatted(
                  sample.seconds,
                  sample.heapMib,
                  sample.buffersMib,
                  sample.descriptors,
                  sample.threads));
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    client.shutdownNow();
  }
}
