package dev.usher.delivery;

import dev.usher.load.ManagementApi;
import dev.usher.measure.Latencies;
import dev.usher.process.Await;
import dev.usher.process.ResidentMemory;
import dev.usher.process.StoreFiles;
import dev.usher.process.UsherProcess;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * An endpoint that gets every event of a busy organization, first answering at once and then after
 * 29 s; and what becomes of the deliveries to another endpoint of the same organization, and to one
 * of another organization.
 */
final class SlowNeighbour {
  private static final int OTHERS_PER_SECOND = 100;
  private static final Duration WARM_UP = Duration.ofSeconds(40);

  /** Until the slow one's lane is full, and its events stay in the table. */
  private static final Duration FILLING = Duration.ofSeconds(10);

  private final Nodes nodes;

  SlowNeighbour(Nodes nodes) {
    this.nodes = nodes;
  }

  /** Table rows. */
  String measure(int perSecond, Duration phase) throws Exception {
    try (Hook slow = new Hook(false);
        Hook beside = new Hook(false);
        Hook apart = new Hook(false);
        UsherProcess usher = nodes.first();
        ManagementApi api = new ManagementApi(usher.control());
        Journal journal = Journal.of(new StoreFiles(usher.data()))) {
      Tenant busy =
          Tenant.of(usher, api, "busy")
              .with(slow.url(), new JsonObject().put("timeout", "30s"))
              .with(beside.url(), new JsonObject());
      Tenant other = Tenant.of(usher, api, "other").with(apart.url(), new JsonObject());
      try (Flow events = Flow.open(List.of(usher.ingress()), busy.source(), perSecond);
          Flow others = Flow.open(List.of(usher.ingress()), other.source(), OTHERS_PER_SECOND)) {
        beside.measures(events);
        apart.measures(others);
        Await.pause(WARM_UP);
        beside.takeLatencies();
        apart.takeLatencies();
        Await.pause(phase);
        Latencies besideBefore = beside.takeLatencies();
        Latencies apartBefore = apart.takeLatencies();
        long memoryBefore = ResidentMemory.kib(usher.pid());
        slow.behaves(Hook.Manner.TAKES_LONG);
        Await.pause(FILLING);
        beside.takeLatencies();
        apart.takeLatencies();
        Await.pause(phase);
        Latencies besideAfter = beside.takeLatencies();
        Latencies apartAfter = apart.takeLatencies();
        long memoryAfter = ResidentMemory.kib(usher.pid());
        long due = journal.due();
        events.stop();
        others.stop();
        return """
        | one endpoint of two answers after 29 s; %,d events/s to both, %d/s to another organization's | before | meanwhile |
        |---|---|---|
        | p50, p99 of the other endpoint | %s | %s |
        | p50, p99 of the other organization's | %s | %s |
        | resident memory | %,d MiB | %,d MiB |
        | deliveries due or under way at the end; events not accepted | | %,d; %,d |
        """
            .formatted(
                perSecond,
                OTHERS_PER_SECOND,
                print(besideBefore),
                print(besideAfter),
                print(apartBefore),
                print(apartAfter),
                memoryBefore / 1_024,
                memoryAfter / 1_024,
                due,
                events.others() + events.unanswered() + others.others() + others.unanswered());
      }
    }
  }

  private static String print(Latencies times) {
    return String.format(Locale.ROOT, "%.0f ms, %.0f ms", times.millis(50), times.millis(99));
  }
}
