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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** All nodes of a fleet are restarted, one after the other, under load. */
@ExtendWith(EmbeddedStoresExtension.class)
class RollingRestartIT {
  private static final int NODES = 3;
  private static final int PER_SECOND = 150;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestStores stores;

  RollingRestartIT(TestStores stores) {
    this.stores = stores;
  }

  @Test
  void noRequestFailsAndNothingIsDeliveredTwice() throws Exception {
    List<ServeProcess> nodes = new ArrayList<>();
    try (NumberedReceiver receiver = new NumberedReceiver()) {
      TestSource source;
      try (TestGateway gateway = TestGateway.start(stores)) {
        source = gateway.newSource();
        gateway.newEndpoint(source, receiver.url());
      }
      try (Traffic traffic = Traffic.start(source, PER_SECOND)) {
        for (int i = 0; i < NODES; i++) {
          nodes.add(ServeProcess.start(stores));
          traffic.add(nodes.get(i).ingress());
        }
        for (int i = 0; i < NODES; i++) {
          int before = receiver.events();
          await().atMost(PATIENCE).until(() -> receiver.events() > before + PER_SECOND);
          nodes.get(i).terminate();
          assertThat(nodes.get(i).awaitExit()).isZero();
          nodes.set(i, ServeProcess.start(stores));
          traffic.add(nodes.get(i).ingress());
        }
        traffic.stop();
        assertThat(traffic.cut()).isEmpty();
        assertThat(traffic.refused()).isEmpty();
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    "0".equals(Sql.value(stores.postgresUri(), "SELECT count(*) FROM deliveries")));
        assertThat(traffic.answered()).allMatch(key -> receiver.arrivals(key) == 1);
        assertThat(receiver.repeated()).isEmpty();
      } finally {
        nodes.forEach(ServeProcess::close);
      }
    }
  }
}
