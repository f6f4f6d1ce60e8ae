package dev.usher.command;

import dev.usher.Gateway;
import dev.usher.StoreAccess;
import dev.usher.config.Secret;
import dev.usher.config.UsherConfig;
import dev.usher.store.DataDirectory;
import dev.usher.store.EmbeddedStores;
import dev.usher.store.Migrations;
import dev.usher.store.PostgresUri;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A gateway in this process with the stores it needs: those that the configuration names, or
 * embedded ones. Closing it stops the gateway in its own order first, and the embedded stores after
 * it.
 */
final class Standalone implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  /** Beyond the gateway's own grace: for its last steps. */
  private static final Duration STOP_MARGIN = Duration.ofSeconds(5);

  private final UsherConfig config;
  private final Progress progress;
  private @Nullable DataDirectory directory;
  private @Nullable EmbeddedStores embedded;
  private @Nullable Gateway gateway;
  private String postgres = "";
  private String adminKey = "";

  /** Nothing is started yet: see {@link #start}. */
  Standalone(UsherConfig config, Progress progress) {
    this.config = config;
    this.progress = progress;
  }

  /**
   * Starts stores and gateway.
   *
   * @throws RuntimeException where it fails; what was started is stopped by {@link #close}
   */
  synchronized void start() {
    StoreAccess stores = stores();
    adminKey = stores.adminKey();
    long begun = System.nanoTime();
    Migrations.Result migrated = new Migrations(InstantSource.system()).migrate(postgres);
    if (migrated.count() > 0) {
      progress.say("The schema is at version " + migrated.to() + " (" + since(begun) + ")");
    }
    gateway =
        await(Gateway.start(config, stores, InstantSource.system(), Version.current()), START);
  }

  private StoreAccess stores() {
    if (!config.store().isEmbedded()) {
      return access(
          String.valueOf(config.store().postgresUri()),
          config.store().redisUris(),
          reveal(config.security().adminKey()),
          config.security().masterKeys());
    }
    DataDirectory opened = DataDirectory.open(config.store().dataDirectory());
    directory = opened;
    progress.begin("Starting Postgres and Redis");
    long begun = System.nanoTime();
    EmbeddedStores started = EmbeddedStores.start(opened);
    embedded = started;
    progress.done("up in " + since(begun));
    Secret adminKey = config.security().adminKey();
    Secret masterKey = config.security().masterKey();
    return access(
        started.postgresUri(),
        List.of(started.redisUri()),
        adminKey == null ? opened.adminKey() : adminKey.text(),
        masterKey == null
            ? List.of(Base64.getDecoder().decode(opened.masterKey()))
            : config.security().masterKeys());
  }

  private StoreAccess access(
      String postgres, List<String> redis, String adminKey, List<byte[]> masterKeys) {
    this.postgres = postgres;
    return new StoreAccess(PostgresUri.parse(postgres), redis, adminKey, masterKeys);
  }

  private static String reveal(@Nullable Secret secret) {
    if (secret == null) {
      throw new IllegalStateException("the configuration was not checked"); // UsherConfig does
    }
    return secret.text();
  }

  /** Opens the whole management API. */
  synchronized String adminKey() {
    return adminKey;
  }

  synchronized Gateway gateway() {
    if (gateway == null) {
      throw new IllegalStateException("the gateway is not started");
    }
    return gateway;
  }

  /**
   * Waits for a start under way, so that nothing is left running whenever the process is told to
   * end.
   */
  @Override
  public synchronized void close() {
    if (gateway != null) {
      Duration grace = config.runtime().shutdownGrace();
      await(gateway.stop(grace), grace.plus(STOP_MARGIN));
      gateway = null;
    }
    if (embedded != null) {
      embedded.close();
      embedded = null;
    }
    if (directory != null) {
      directory.close();
      directory = null;
    }
  }

  private static String since(long begunNanos) {
    return "%.1f s".formatted((System.nanoTime() - begunNanos) / 1e9);
  }

  private static <T> T await(Future<T> future, Duration longest) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(cause.getMessage(), cause);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no end within " + longest.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
