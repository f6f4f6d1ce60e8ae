package dev.usher.store;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Makes pools of connections to Postgres. Nothing is connected before the first query, and a pool
 * gets over the loss of its server by itself: broken connections leave it, the next query connects
 * again and fails at once while that is not possible.
 */
public final class PostgresPools {
  private static final int CONNECT_TIMEOUT_SECONDS = 5;

  // A server that vanished without a word is noticed when what we sent stays unacknowledged this
  // long.
  private static final int UNACKNOWLEDGED_MILLIS = 15_000;
  private static final int CONTROL_WAIT_QUEUE = 512;
  private static final int LEAST_DISPATCH = 3;
  private static final int MOST_DISPATCH = 16;
  private static final Duration CONTROL_IDLE = Duration.ofMinutes(10);
  private static final Duration CONTROL_STATEMENT = Duration.ofSeconds(30);
  private static final int STATEMENT_CACHE = 256;
  private static final int STATEMENT_CACHE_SQL_CHARS = 16_384;

  // The journal's statements touch a few rows by key. Planned afresh each time they cost more to
  // plan than to run; planned once, on tables that are still empty, they would read whole tables.
  private static final Map<String, String> JOURNAL_SESSION =
      Map.of(
          "plan_cache_mode", "force_generic_plan",
          "enable_seqscan", "off",
          "enable_bitmapscan", "off",
          "jit", "off");

  private PostgresPools() {}

  /**
   * For the management API, the registry and upkeep: at most {@code connections}, 512 callers
   * waiting for one up to 5 s, statements up to 30 s.
   *
   * @param connections 1 to 100
   */
  public static Pool control(Vertx vertx, PostgresUri uri, int connections) {
    requireBetween("connections", connections, 1, 100);
    return shared(vertx, uri, "usher-control", connections);
  }

  /**
   * For leases and claims: connections of their own, so that no call of the management API, however
   * long it takes, makes a node lose its leases. Otherwise as {@link #control}.
   *
   * @param eventLoops of the node; each claims, and gives back, at most two things at a time
   */
  public static Pool dispatch(Vertx vertx, PostgresUri uri, int eventLoops) {
    int connections = Math.clamp(eventLoops + 1L, LEAST_DISPATCH, MOST_DISPATCH);
    return shared(vertx, uri, "usher-dispatch", connections);
  }

  private static Pool shared(Vertx vertx, PostgresUri uri, String name, int connections) {
    PgConnectOptions options =
        cached(uri, CONTROL_STATEMENT).addProperty("application_name", uri.applicationName());
    PoolOptions pool =
        bounded(name, connections)
            .setMaxWaitQueueSize(CONTROL_WAIT_QUEUE)
            .setIdleTimeout((int) CONTROL_IDLE.toSeconds())
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    return build(vertx, options, pool);
  }

  /**
   * For the journal's own connections: planned for few rows by key, and never for whole tables.
   *
   * @param statementTimeout after which Postgres gives a statement up, 100 ms to 5 min
   */
  public static PgConnectOptions journal(PostgresUri uri, Duration statementTimeout) {
    requireBetween("statementTimeout in ms", statementTimeout.toMillis(), 100, 300_000);
    PgConnectOptions options =
        cached(uri, statementTimeout)
            .addProperty("application_name", uri.applicationName() + " journal");
    JOURNAL_SESSION.forEach(options::addProperty);
    // Its statements are for many events at once, and run in the context of any one of them.
    options.setTracingPolicy(TracingPolicy.IGNORE);
    return options;
  }

  /** For a single connection outside any pool that listens for notifications. */
  public static PgConnectOptions listener(PostgresUri uri) {
    return uri.connectOptions()
        .addProperty("application_name", uri.applicationName() + " listener");
  }

  private static PgConnectOptions cached(PostgresUri uri, Duration statementTimeout) {
    return uri.connectOptions()
        .setCachePreparedStatements(true)
        .setPreparedStatementCacheMaxSize(STATEMENT_CACHE)
        .setPreparedStatementCacheSqlLimit(STATEMENT_CACHE_SQL_CHARS)
        .setReconnectAttempts(0)
        .addProperty("statement_timeout", Long.toString(statementTimeout.toMillis()));
  }

  private static PoolOptions bounded(String name, int connections) {
    return new PoolOptions()
        .setName(name)
        .setMaxSize(connections)
        .setConnectionTimeout(CONNECT_TIMEOUT_SECONDS)
        .setConnectionTimeoutUnit(TimeUnit.SECONDS);
  }

  private static Pool build(Vertx vertx, PgConnectOptions options, PoolOptions pool) {
    NetClientOptions transport =
        new NetClientOptions()
            .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(CONNECT_TIMEOUT_SECONDS))
            .setTcpKeepAlive(true)
            .setTcpUserTimeout(UNACKNOWLEDGED_MILLIS);
    return PgBuilder.pool().with(pool).with(transport).connectingTo(options).using(vertx).build();
  }

  private static void requireBetween(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d; expected %d to %d".formatted(name, value, least, most));
    }
  }
}
