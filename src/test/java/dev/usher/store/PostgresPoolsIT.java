package dev.usher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EmbeddedStoresExtension.class)
class PostgresPoolsIT {
  private final Vertx vertx = Vertx.vertx();
  private final TestStores stores;
  private final PostgresUri uri;

  PostgresPoolsIT(TestStores stores) {
    this.stores = stores;
    this.uri = PostgresUri.parse(stores.postgresUri());
  }

  @AfterEach
  void close() {
    get(vertx.close());
  }

  @Test
  void theJournalsSessionsPlanOnceAndByIndex() {
    PgConnection pool = journal(Duration.ofSeconds(10));
    assertThat(show(pool, "plan_cache_mode")).isEqualTo("force_generic_plan");
    assertThat(show(pool, "enable_seqscan")).isEqualTo("off");
    assertThat(show(pool, "enable_bitmapscan")).isEqualTo("off");
    assertThat(show(pool, "jit")).isEqualTo("off");
    assertThat(show(pool, "statement_timeout")).isEqualTo("10s");
    assertThat(show(pool, "application_name")).isEqualTo("usher journal");
    assertThat(show(pool, "synchronous_commit")).isEqualTo("on");
  }

  @Test
  void otherSessionsPlanAsTheServerLikes() {
    Pool pool = PostgresPools.control(vertx, uri, 2);
    assertThat(show(pool, "plan_cache_mode")).isEqualTo("auto");
    assertThat(show(pool, "statement_timeout")).isEqualTo("30s");
    assertThat(show(pool, "application_name")).isEqualTo("usher");
  }

  @Test
  void aPoolFailsFastWhilePostgresIsAwayAndFlowsAgainAfterwards() {
    Pool control = PostgresPools.control(vertx, uri, 2);
    show(control, "TimeZone");
    stores.stopPostgres();
    long start = System.nanoTime();
    assertThatThrownBy(() -> show(control, "TimeZone")).isNotNull();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(6));
    stores.startPostgres();
    await().untilAsserted(() -> assertThat(show(control, "TimeZone")).isEqualTo("UTC"));
  }

  @Test
  void aStatementThatTakesTooLongIsGivenUpByTheServer() {
    PgConnection pool = journal(Duration.ofMillis(100));
    assertThatThrownBy(() -> get(pool.query("SELECT pg_sleep(30)").execute()))
        .hasStackTraceContaining("statement timeout");
    assertThat(show(pool, "TimeZone")).isEqualTo("UTC");
  }

  @Test
  void callersBeyondTheWaitQueueFailAtOnce() {
    Pool pool = PostgresPools.control(vertx, uri, 2);
    List<SqlConnection> held = List.of(get(pool.getConnection()), get(pool.getConnection()));
    List<Future<SqlConnection>> callers = new ArrayList<>();
    for (int i = 0; i < 512; i++) {
      callers.add(pool.getConnection());
    }
    assertThatThrownBy(() -> get(pool.getConnection())).hasMessageContaining("max wait queue size");
    held.forEach(SqlConnection::close);
    for (Future<SqlConnection> caller : callers) {
      get(get(caller).close());
    }
  }

  @Test
  void theSizesHaveLimits() {
    assertThatThrownBy(() -> PostgresPools.control(vertx, uri, 0))
        .hasMessage("connections is 0; expected 1 to 100");
    assertThatThrownBy(() -> PostgresPools.journal(uri, Duration.ofMillis(1)))
        .hasMessage("statementTimeout in ms is 1; expected 100 to 300000");
  }

  private PgConnection journal(Duration statementTimeout) {
    return get(PgConnection.connect(vertx, PostgresPools.journal(uri, statementTimeout)));
  }

  private static String show(SqlClient pool, String setting) {
    return get(pool.query("SHOW " + setting).execute()).iterator().next().getString(0);
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
