package dev.usher;

import dev.usher.trace.CurrentTrace;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.VertxTracerFactory;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The registry of all meters, with those of the process itself: JVM, event loops, pools. */
final class RuntimeMetrics implements AutoCloseable {
  private static final long LAG_INTERVAL_MILLIS = 500;
  private static final long LAG_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(LAG_INTERVAL_MILLIS);

  private final PrometheusMeterRegistry registry;
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final Timer lag;
  private final List<AtomicLong> turns = new CopyOnWriteArrayList<>(); // each loop's next turn

  /**
   * @param traced whether measurements of a kept trace are shown as exemplars
   */
  RuntimeMetrics(boolean traced) {
    registry =
        traced
            ? new PrometheusMeterRegistry(
                PrometheusConfig.DEFAULT,
                new PrometheusRegistry(),
                Clock.SYSTEM,
                new CurrentTrace())
            : new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(registry);
    gc.bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    lag =
        Timer.builder("usher.event.loop.lag")
            .description("How late a timer fires on an event loop")
            .serviceLevelObjectives(
                Duration.ofMillis(1),
                Duration.ofMillis(5),
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(500),
                Duration.ofSeconds(2))
            .register(registry);
    Gauge.builder("usher.event.loop.blocked", this::blockedSeconds)
        .description("How long the event loop that is most behind has not turned")
        .baseUnit("seconds")
        .register(registry);
  }

  /** Tells which version runs, so that a deployment can be seen. */
  void describe(String version) {
    Gauge.builder("usher.build.info", () -> 1)
        .description("The version that runs")
        .tag("version", version)
        .tag("java", Runtime.version().toString())
        .register(registry);
  }

  PrometheusMeterRegistry registry() {
    return registry;
  }

  /**
   * @param contentType of Prometheus' or of OpenMetrics' text
   */
  String scrape(String contentType) {
    return registry.scrape(contentType);
  }

  /**
   * A Vert.x whose pools are metered. Its meters of HTTP and of the network stay off: ours say the
   * same of the data path and cost less a request.
   */
  Vertx vertx(VertxOptions options, @Nullable VertxTracerFactory tracer) {
    EnumSet<MetricsDomain> off = EnumSet.allOf(MetricsDomain.class);
    off.remove(MetricsDomain.NAMED_POOLS);
    MicrometerMetricsOptions metrics =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            .setLabels(EnumSet.of(Label.POOL_NAME, Label.POOL_TYPE));
    off.forEach(metrics::addDisabledMetricsCategory);
    VertxBuilder builder =
        Vertx.builder()
            .with(options.setMetricsOptions(metrics))
            .withMetrics(new MicrometerMetricsFactory(registry));
    return tracer == null ? builder.build() : builder.withTracer(tracer).build();
  }

  /** Watches the event loop on which it is called. */
  void watchEventLoop(Vertx vertx) {
    AtomicLong expected = new AtomicLong(System.nanoTime() + LAG_INTERVAL_NANOS);
    turns.add(expected);
    vertx.setPeriodic(
        LAG_INTERVAL_MILLIS,
        _ -> {
          long now = System.nanoTime();
          lag.record(Math.max(0, now - expected.get()), TimeUnit.NANOSECONDS);
          expected.set(now + LAG_INTERVAL_NANOS);
        });
  }

  /** Seen from outside: a loop that is blocked cannot record its own lag. */
  private double blockedSeconds() {
    long now = System.nanoTime();
    return turns.stream().mapToLong(turn -> now - turn.get()).reduce(0, Math::max) / 1e9;
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
