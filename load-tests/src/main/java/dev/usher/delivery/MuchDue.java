package dev.usher.delivery;

import dev.usher.load.ManagementApi;
import dev.usher.measure.Exposition;
import dev.usher.measure.Latencies;
import dev.usher.process.Await;
import dev.usher.process.ChildProcesses;
import dev.usher.process.ProcessFailure;
import dev.usher.process.ResidentMemory;
import dev.usher.process.StoreFiles;
import dev.usher.process.UsherProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The memory of a gateway beside a table of deliveries that are due at a slow endpoint. */
final class MuchDue {
  private static final int BODY_BYTES = 1_000;
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration SETTLING = Duration.ofSeconds(15);
  private static final Duration PHASE = Duration.ofSeconds(20);

  private final Nodes nodes;
  private final ChildProcesses children;
  private final Path work;

  MuchDue(Nodes nodes, ChildProcesses children, Path work) {
    this.nodes = nodes;
    this.children = children;
    this.work = work;
  }

  private record Memory(long residentMiB, double heapMiB) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%,d MiB, %.1f MiB", residentMiB, heapMiB);
    }
  }

  /** Table rows. */
  String measure(int perSecond, int due) throws Exception {
    try (Hook slow = new Hook(false);
        Hook healthy = new Hook(false);
        UsherProcess usher = nodes.first();
        ManagementApi api = new ManagementApi(usher.control());
        Journal journal = Journal.of(new StoreFiles(usher.data()))) {
      Tenant owed =
          Tenant.of(usher, api, "owed").with(slow.url(), new JsonObject().put("timeout", "30s"));
      Tenant other = Tenant.of(usher, api, "other").with(healthy.url(), new JsonObject());
      try (Flow one = Flow.open(List.of(usher.ingress()), owed.source(), 1);
          Flow events = Flow.open(List.of(usher.ingress()), other.source(), perSecond)) {
        healthy.measures(events);
        Await.pause(WARM_UP);
        one.stop();
        healthy.takeLatencies();
        Await.pause(PHASE);
        Latencies before = healthy.takeLatencies();
        Memory without = memory(usher);
        slow.behaves(Hook.Manner.TAKES_LONG);
        journal.makeDue(slow.url().toString(), due, BODY_BYTES);
        Await.pause(SETTLING);
        healthy.takeLatencies();
        Await.pause(PHASE);
        Latencies meanwhile = healthy.takeLatencies();
        Memory with = memory(usher);
        long left = journal.due();
        events.stop();
        return """
        | %,d deliveries of %,d bytes due at an endpoint that answers after 29 s, %d events/s to another | before | meanwhile |
        |---|---|---|
        | resident memory, live heap | %s | %s |
        | most resident memory so far | | %,d MiB |
        | p50, p99 of the other endpoint | %s | %s |
        | still due | | %,d |
        """
            .formatted(
                due,
                BODY_BYTES,
                perSecond,
                without,
                with,
                ResidentMemory.peakKib(usher.pid()) / 1_024,
                print(before),
                print(meanwhile),
                left);
      }
    }
  }

  private static String print(Latencies times) {
    return String.format(Locale.ROOT, "%.0f ms, %.0f ms", times.millis(50), times.millis(99));
  }

  /** The live heap is what a full collection leaves. */
  private Memory memory(UsherProcess usher) throws IOException, InterruptedException {
    Process jcmd =
        children.start(
            new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(usher.pid()),
                "GC.run"),
            work.resolve("jcmd.log"));
    int exit = jcmd.waitFor();
    children.end(jcmd);
    if (exit != 0) {
      throw new ProcessFailure("jcmd ended with " + exit);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      double heap =
          Exposition.of(client, usher.management()).sum("jvm_memory_used_bytes", "area=\"heap\"");
      return new Memory(ResidentMemory.kib(usher.pid()) / 1_024, heap / (1 << 20));
    }
  }
}
