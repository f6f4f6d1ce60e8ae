package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.NumberedReceiver;
import dev.usher.testing.ServeProcess;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import dev.usher.testing.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three gateways in processes of their own under a steady load, of which one after the other is
 * killed and started anew. {@code -Dusher.kills} and {@code -Dusher.kills.rate} (events a second)
 * make more of it than a build does.
 */
@ExtendWith(EmbeddedStoresExtension.class)
class KilledNodesIT {
  private static final Logger LOG = LoggerFactory.getLogger(KilledNodesIT.class);
  private static final int KILLS = Integer.getInteger("usher.kills", 3);
  private static final int PER_SECOND = Integer.getInteger("usher.kills.rate", 200);
  private static final int NODES = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** What a take-over may take after the lease's end. */
  private static final Duration TAKE_OVER = Duration.ofSeconds(10);

  private final TestStores stores;
  private final List<ServeProcess> nodes = new ArrayList<>();
  private final Set<String> wasInFlight = new HashSet<>();

  KilledNodesIT(TestStores stores) {
    this.stores = stores;
  }

  @Test
  void nothingIsLostNothingAcceptedTwiceAndOnlyWhatWasInFlightComesAgain() throws Exception {
    try (NumberedReceiver receiver = new NumberedReceiver()) {
      TestSource source = source(receiver);
      try (Traffic traffic = Traffic.start(source, PER_SECOND)) {
        for (int i = 0; i < NODES; i++) {
          nodes.add(ServeProcess.start(stores));
          traffic.add(nodes.get(i).ingress());
        }
        for (int kill = 0; kill < KILLS; kill++) {
          awaitFlow(traffic, receiver);
          killOne(kill, traffic, receiver);
        }
        traffic.stop();
        assertAllArrived(traffic, receiver);
        assertThat(traffic.acceptedTwice()).isEmpty();
        assertThat(receiver.underTwoIds()).isEmpty();
        assertThat(sql("SELECT count(*) - count(DISTINCT idempotency_key) FROM events")).isZero();
        assertThat(wasInFlight).containsAll(receiver.repeated());
        LOG.info(
            "{} kills, {} events at {} a second, {} requests cut: {} arrived more than once, of {}"
                + " that the killed nodes held",
            KILLS,
            traffic.answered().size(),
            Math.round(traffic.perSecond()),
            traffic.cut().size(),
            receiver.repeated().size(),
            wasInFlight.size());
      } finally {
        nodes.forEach(ServeProcess::close);
      }
    }
  }

  private TestSource source(NumberedReceiver receiver) {
    try (TestGateway gateway = TestGateway.start(stores)) {
      TestSource source = gateway.newSource();
      gateway.newEndpoint(source, receiver.url());
      return source;
    }
  }

  private void awaitFlow(Traffic traffic, NumberedReceiver receiver) {
    int answered = traffic.answered().size();
    int arrived = receiver.events();
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                traffic.answered().size() > answered + PER_SECOND
                    && receiver.events() > arrived + PER_SECOND);
  }

  /** Kills one, sees to it that what it held is taken over, and starts another in its place. */
  private void killOne(int kill, Traffic traffic, NumberedReceiver receiver) {
    int place = kill % NODES;
    ServeProcess killed = nodes.get(place);
    killed.kill();
    long killedNanos = System.nanoTime();
    String leases = "SELECT id FROM nodes WHERE name LIKE '" + killed.pid() + "/%'";
    List<String> numbers = column(leases);
    assertThat(numbers).as("leases of the node that was killed").isNotEmpty();
    String itsOwn = "node_id IN (" + String.join(", ", numbers) + ")";
    long leaseMillis =
        sql(
            "SELECT coalesce(ceil(extract(epoch FROM max(lease_until) - now()) * 1000), 0)"
                + " FROM nodes WHERE id IN ("
                + String.join(", ", numbers)
                + ")");
    Set<String> held = new HashSet<>(inFlight(itsOwn));
    long arrivedBefore = held.stream().filter(key -> receiver.arrivals(key) > 0).count();
    await()
        .atMost(Duration.ofMillis(Math.max(0, leaseMillis)).plus(TAKE_OVER))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              held.addAll(inFlight(itsOwn)); // a commit may end after its client has
              return sql("SELECT count(*) FROM deliveries WHERE " + itsOwn) == 0
                  && held.stream().allMatch(key -> receiver.arrivals(key) > 0);
            });
    wasInFlight.addAll(held);
    LOG.info(
        "kill {}: {} deliveries were held, {} of them had arrived; all made {} ms after the kill,"
            + " {} ms after the lease's end",
        kill + 1,
        held.size(),
        arrivedBefore,
        (System.nanoTime() - killedNanos) / 1_000_000,
        (System.nanoTime() - killedNanos) / 1_000_000 - leaseMillis);
    nodes.set(place, ServeProcess.start(stores));
    traffic.add(nodes.get(place).ingress());
  }

  /** Keys of the deliveries that the killed node had begun, or was to begin. */
  private List<String> inFlight(String itsOwn) {
    return column(
        "SELECT e.idempotency_key FROM deliveries d JOIN events e"
            + " ON e.organization_id = d.organization_id AND e.id = d.event_id WHERE d."
            + itsOwn);
  }

  private void assertAllArrived(Traffic traffic, NumberedReceiver receiver) {
    await().atMost(PATIENCE).until(() -> sql("SELECT count(*) FROM deliveries") == 0);
    assertThat(traffic.answered()).allMatch(key -> receiver.arrivals(key) > 0);
  }

  private List<String> column(String query) {
    return Sql.run(stores.postgresUri(), query).stream()
        .map(row -> Objects.requireNonNull(row.getFirst()))
        .toList();
  }

  private long sql(String query) {
    return Long.parseLong(Objects.requireNonNull(Sql.value(stores.postgresUri(), query)));
  }
}
