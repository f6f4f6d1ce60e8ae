package dev.usher.delivery;

import dev.usher.load.ManagementApi;
import dev.usher.measure.Latencies;
import dev.usher.process.Await;
import dev.usher.process.ProcessFailure;
import dev.usher.process.StoreFiles;
import dev.usher.process.UsherProcess;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The rate at which a gateway accepts and delivers as fast as it can; then an endpoint that failed
 * for a while, with much due, works again: how fast that drains, and what others notice.
 */
final class Comeback {
  private static final int CONNECTIONS = 256;
  private static final int BESIDE_PER_SECOND = 100;
  private static final Duration WARM_UP = Duration.ofSeconds(40);
  private static final Duration NORMAL = Duration.ofSeconds(15);
  private static final Duration DEAD = Duration.ofSeconds(15);
  private static final Duration BOUND = Duration.ofMinutes(2);

  private final Nodes nodes;

  Comeback(Nodes nodes) {
    this.nodes = nodes;
  }

  /** Table rows. */
  String measure(int due) throws Exception {
    try (Hook hook = new Hook(false);
        Hook beside = new Hook(false);
        UsherProcess usher = nodes.first();
        ManagementApi api = new ManagementApi(usher.control());
        Journal journal = Journal.of(new StoreFiles(usher.data()))) {
      Tenant tenant = Tenant.of(usher, api, "comeback").with(hook.url(), new JsonObject());
      Tenant other = Tenant.of(usher, api, "other").with(beside.url(), new JsonObject());
      flood(usher, tenant, hook, journal, WARM_UP);
      double normal = flood(usher, tenant, hook, journal, NORMAL);
      System.err.printf(Locale.ROOT, "normal: %,.0f a second%n", normal);
      try (Flow events = Flow.open(List.of(usher.ingress()), other.source(), BESIDE_PER_SECOND)) {
        beside.measures(events);
        hook.behaves(Hook.Manner.FAILS);
        journal.makeDue(hook.url().toString(), due, 0);
        beside.takeLatencies();
        Await.pause(DEAD);
        Latencies before = beside.takeLatencies();
        long back = System.nanoTime();
        hook.startAnew();
        hook.behaves(Hook.Manner.ANSWERS);
        await(() -> hook.answered() > 1, "the endpoint that came back");
        beside.takeLatencies();
        await(() -> journal.due() < 10, due + " deliveries");
        Latencies meanwhile = beside.takeLatencies();
        long count = hook.answered();
        double seconds = (hook.answeredNanos(count - 1) - hook.answeredNanos(1)) / 1e9;
        double drain = (count - 2) / seconds;
        events.stop();
        return """
        | an endpoint with %,d due works again, %d events/s to another organization's | |
        |---|---|
        | accepted and delivered as fast as it can, before | %,.0f deliveries/s |
        | until the circuit noticed | %.1f s |
        | drained then | %,.0f deliveries/s, %.0f %% of the above, in %.1f s |
        | p50, p99 of the other endpoint, before and meanwhile | %s; %s |
        """
            .formatted(
                due,
                BESIDE_PER_SECOND,
                normal,
                (hook.answeredNanos(1) - back) / 1e9,
                drain,
                100 * drain / normal,
                seconds,
                print(before),
                print(meanwhile));
      }
    }
  }

  private double flood(
      UsherProcess usher, Tenant tenant, Hook hook, Journal journal, Duration length)
      throws Exception {
    hook.startAnew();
    long begun = System.nanoTime();
    try (Flow flow = Flow.closed(List.of(usher.ingress()), tenant.source(), CONNECTIONS)) {
      Await.pause(length);
      flow.stop();
      await(() -> hook.answered() >= flow.accepted(), "the deliveries");
      await(() -> journal.due() == 0, "the log of deliveries");
    }
    long count = hook.answered();
    return count * 1e9 / (hook.answeredNanos(count - 1) - begun);
  }

  private static void await(Await.Condition condition, String what) throws InterruptedException {
    if (!Await.until(BOUND, condition)) {
      throw new ProcessFailure(what + " took more than " + BOUND.toSeconds() + " s");
    }
  }

  private static String print(Latencies times) {
    return String.format(Locale.ROOT, "%.0f ms, %.0f ms", times.millis(50), times.millis(99));
  }
}
