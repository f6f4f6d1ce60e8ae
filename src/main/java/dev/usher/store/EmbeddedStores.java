package dev.usher.store;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Postgres and Redis of our own, for a gateway to which none were given. What Postgres holds
 * survives from one start to the next.
 *
 * <p>No JVM shutdown hook stops them: whoever opened them closes them, last of all, when the
 * journal is flushed. Of a gateway that was killed they are left running, and the next start ends
 * them.
 */
public final class EmbeddedStores implements AutoCloseable {
  private final EmbeddedPostgres postgres;
  private final EmbeddedRedis redis;

  private EmbeddedStores(EmbeddedPostgres postgres, EmbeddedRedis redis) {
    this.postgres = postgres;
    this.redis = redis;
  }

  /**
   * Starts both servers, side by side, and returns when both answer. Blocks: not for an event loop.
   *
   * @throws StoreFailure when one does not start, or when this distribution holds no embedded
   *     stores
   */
  public static EmbeddedStores start(DataDirectory directory) {
    return start(directory, Map.of());
  }

  /**
   * The same with Postgres settings that win over our own.
   *
   * @param postgresSettings by name, as in {@code postgresql.conf}
   */
  public static EmbeddedStores start(
      DataDirectory directory, Map<String, String> postgresSettings) {
    EmbeddedBinaries binaries = binaries(directory);
    EmbeddedStores stores =
        new EmbeddedStores(
            new EmbeddedPostgres(directory, binaries, ServerUser.detect(), postgresSettings),
            new EmbeddedRedis(directory, binaries));
    try {
      stores.startBoth();
      return stores;
    } catch (StoreFailure e) {
      stores.close();
      throw e;
    }
  }

  private static EmbeddedBinaries binaries(DataDirectory directory) {
    try {
      return EmbeddedBinaries.cachedOr(directory.path().resolve("binaries"));
    } catch (NoClassDefFoundError e) {
      throw new StoreFailure(
          "embedded stores are not part of this distribution:"
              + " set USHER_POSTGRES_URI and USHER_REDIS_URI",
          e);
    }
  }

  private void startBoth() {
    try (ExecutorService aside = Executors.newSingleThreadExecutor()) {
      Future<?> started = aside.submit(redis::start);
      postgres.start();
      started.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StoreFailure failure
          ? failure
          : new StoreFailure("the embedded Redis did not start: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreFailure("interrupted while the embedded stores started", e);
    }
  }

  /** {@code postgresql://…}, with user and password. */
  public String postgresUri() {
    return postgres.uri();
  }

  /** {@code redis://…}, with the password. */
  public String redisUri() {
    return redis.uri();
  }

  /** The Postgres server alone, for tests that take it away. */
  public EmbeddedPostgres postgres() {
    return postgres;
  }

  /** The Redis server alone, for tests that take it away. */
  public EmbeddedRedis redis() {
    return redis;
  }

  /** Stops both cleanly and waits for their end. */
  @Override
  public void close() {
    try {
      redis.stop();
    } finally {
      postgres.stop();
    }
  }
}
