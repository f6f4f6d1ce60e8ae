package dev.usher.delivery;

import dev.usher.load.ManagementApi;
import dev.usher.process.Await;
import dev.usher.process.ProcessFailure;
import dev.usher.process.StoreFiles;
import dev.usher.process.UsherProcess;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Three nodes under load, of which one is killed, and how long what it held takes to arrive. */
final class TakeOver {
  private static final Duration BETWEEN = Duration.ofSeconds(4);
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration SETTLED = Duration.ofSeconds(60);

  private final Nodes nodes;
  private final List<Double> afterKill = new ArrayList<>();
  private final List<Double> afterLease = new ArrayList<>();
  private final List<Double> held = new ArrayList<>();
  private final List<Double> again = new ArrayList<>();

  TakeOver(Nodes nodes) {
    this.nodes = nodes;
  }

  /** Table rows. */
  String measure(int perSecond, int kills) throws Exception {
    List<UsherProcess> others = new ArrayList<>();
    try (Hook hook = new Hook(true);
        UsherProcess first = nodes.first();
        ManagementApi api = new ManagementApi(first.control());
        Journal journal = Journal.of(new StoreFiles(first.data()))) {
      Tenant tenant = Tenant.of(first, api, "take-over").with(hook.url(), new JsonObject());
      others.add(nodes.another(first, "Usher-2"));
      others.add(nodes.another(first, "Usher-3"));
      List<URI> doors = List.of(first.ingress(), others.get(0).ingress(), others.get(1).ingress());
      try (Flow flow = Flow.open(doors, tenant.source(), perSecond)) {
        for (int kill = 0; kill < kills; kill++) {
          Await.pause(BETWEEN);
          int place = kill % others.size();
          kill(others.get(place), journal, hook);
          others.set(place, nodes.another(first, "Usher-" + (place + 2)));
          flow.add(others.get(place).ingress());
        }
        flow.stop();
        if (!Await.until(SETTLED, () -> journal.due() == 0)) {
          throw new ProcessFailure(journal.due() + " deliveries are still due");
        }
        return rows(perSecond, kills, flow);
      }
    } finally {
      others.forEach(UsherProcess::close);
    }
  }

  private void kill(UsherProcess node, Journal journal, Hook hook) throws Exception {
    node.kill();
    long killed = System.nanoTime();
    String leases =
        journal.leases(node.pid()).stream().map(String::valueOf).collect(Collectors.joining(", "));
    double left = journal.secondsLeft(leases);
    Set<String> keys = new HashSet<>(journal.held(leases));
    double had = keys.stream().filter(hook::hasGot).count();
    boolean made =
        Await.until(
            BOUND,
            () -> {
              List<String> still = journal.held(leases);
              keys.addAll(still); // a commit may end after its client has
              return still.isEmpty() && keys.stream().allMatch(hook::hasGot);
            });
    double took = (System.nanoTime() - killed) / 1e9;
    if (!made) {
      throw new ProcessFailure("what a killed node held was not delivered within " + BOUND);
    }
    System.err.printf(
        Locale.ROOT, "held %d, arrived %.0f, all made after %.1f s%n", keys.size(), had, took);
    held.add((double) keys.size());
    again.add(had);
    afterKill.add(took);
    afterLease.add(took - left);
  }

  private String rows(int perSecond, int kills, Flow flow) {
    return """
    | take-over: 3 nodes, %,d events/s, `kill -9` of one, %d times | |
    |---|---|
    | from the kill until all that it held had arrived | %s s |
    | the same from the end of its lease | %s s |
    | deliveries that it held | %s |
    | of these had arrived and were delivered again | %s |
    | events accepted; requests cut by the kills | %,d; %,d |
    """
        .formatted(
            perSecond,
            kills,
            Spread.of(afterKill).print("%.1f"),
            Spread.of(afterLease).print("%.1f"),
            Spread.of(held).print("%.0f"),
            Spread.of(again).print("%.0f"),
            flow.accepted(),
            flow.unanswered());
  }
}
