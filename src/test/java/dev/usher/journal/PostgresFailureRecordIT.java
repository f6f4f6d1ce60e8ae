package dev.usher.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.deliver.Circuits;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import dev.usher.store.PostgresPools;
import dev.usher.store.PostgresUri;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Since when an endpoint only fails, is known over all nodes. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresFailureRecordIT {
  private final Vertx vertx = Vertx.vertx();
  private final TestStores stores;
  private final Pool pool;
  private final PostgresFailureRecord record;

  PostgresFailureRecordIT(TestStores stores) {
    this.stores = stores;
    pool = PostgresPools.control(vertx, PostgresUri.parse(stores.postgresUri()), 2);
    record = new PostgresFailureRecord(pool);
  }

  @AfterAll
  void close() {
    get(pool.close());
    get(vertx.close());
  }

  private static Endpoint endpoint(int number) {
    return new Endpoint(
        new EndpointId(new UUID(5, number)),
        new OrganizationId(new UUID(0, 2)),
        "e",
        URI.create("https://e.example/"),
        List.of("*"),
        Endpoint.Status.ACTIVE,
        List.of(),
        Endpoint.Signature.SHOWPASS,
        Map.of(),
        null,
        null,
        null,
        null,
        false,
        null,
        null,
        1);
  }

  private void failed(Endpoint endpoint, Duration ago) {
    get(record.failing(List.of(new Circuits.Streak(endpoint, ago.toNanos()))));
  }

  /** Hours since when it fails, and since its last failure. */
  private String hours(Endpoint endpoint) {
    return Objects.requireNonNull(
        Sql.value(
            stores.postgresUri(),
            "SELECT coalesce(max(round(extract(epoch FROM now() - failing_since) / 3600) || ' ' ||"
                + " round(extract(epoch FROM now() - last_failed_at) / 3600)), 'none')"
                + " FROM endpoint_failures WHERE endpoint_id = ?",
            endpoint.id().value()));
  }

  @Test
  void aRecordBeginsWithTheFailureThatIsToldOfAndGoesOnWithTheNext() {
    Endpoint failing = endpoint(1);
    failed(failing, Duration.ofHours(30));
    assertThat(hours(failing)).isEqualTo("30 30");
    failed(failing, Duration.ofHours(2));
    assertThat(hours(failing)).isEqualTo("30 2");
  }

  @Test
  void afterASuccessOnAnyNodeItBeginsAnew() {
    Endpoint failing = endpoint(2);
    failed(failing, Duration.ofHours(100));
    get(record.ended(List.of(failing.id())));
    assertThat(hours(failing)).isEqualTo("none");
    failed(failing, Duration.ofHours(1));
    assertThat(hours(failing)).isEqualTo("1 1");
  }

  @Test
  void twoDaysWithoutAnAttemptBeginItAnew() {
    Endpoint failing = endpoint(3);
    failed(failing, Duration.ofHours(100));
    failed(failing, Duration.ofHours(51));
    assertThat(hours(failing)).isEqualTo("51 51");
    failed(failing, Duration.ofHours(4));
    assertThat(hours(failing)).isEqualTo("51 4");
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
