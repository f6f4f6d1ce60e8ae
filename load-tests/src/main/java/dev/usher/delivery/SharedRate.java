package dev.usher.delivery;

import dev.usher.load.ManagementApi;
import dev.usher.process.Await;
import dev.usher.process.ProcStat;
import dev.usher.process.ProcessFailure;
import dev.usher.process.StoreFiles;
import dev.usher.process.UsherProcess;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** Two nodes hold an endpoint with a backlog to its rate, with Redis and without. */
final class SharedRate {
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration PHASE = Duration.ofSeconds(30);

  /** Until both nodes know of each other, and have claimed what they can hold. */
  private static final Duration SETTLING = Duration.ofSeconds(10);

  private final Nodes nodes;

  SharedRate(Nodes nodes) {
    this.nodes = nodes;
  }

  /** Table rows. */
  String measure(int rate) throws Exception {
    try (Hook hook = new Hook(false);
        UsherProcess first = nodes.first();
        UsherProcess second = nodes.another(first, "Usher-2");
        ManagementApi api = new ManagementApi(first.control());
        Journal journal = Journal.of(new StoreFiles(first.data()))) {
      Tenant tenant =
          Tenant.of(first, api, "rate").with(hook.url(), new JsonObject().put("rate_limit", rate));
      try (Flow flow = Flow.open(List.of(first.ingress(), second.ingress()), tenant.source(), 10)) {
        Await.pause(WARM_UP);
        flow.stop();
      }
      journal.makeDue(hook.url().toString(), (int) (rate * 3L * PHASE.toSeconds()), 0);
      String with = phase(hook);
      for (ProcStat stat : first.stores().running()) {
        if (stat.command().startsWith("redis")) {
          ProcessHandle.of(stat.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
      String without = phase(hook);
      return """
      | an endpoint with a rate of %d/s and a backlog, two nodes | with Redis | Redis gone |
      |---|---|---|
      | over %d s; most within any second | %s | %s |
      """
          .formatted(rate, PHASE.toSeconds(), with, without);
    }
  }

  private static String phase(Hook hook) throws InterruptedException {
    Await.pause(SETTLING);
    hook.startAnew();
    Await.pause(PHASE);
    long count = hook.answered();
    if (count < 2) {
      throw new ProcessFailure("nothing was delivered");
    }
    double seconds = (hook.answeredNanos(count - 1) - hook.answeredNanos(0)) / 1e9;
    return "%.1f/s; %d".formatted((count - 1) / seconds, hook.mostInASecond());
  }
}
