package dev.usher;

import dev.usher.config.UsherConfig;
import dev.usher.control.HealthServer;
import dev.usher.control.HealthServer.Readiness;
import dev.usher.crypto.SecretBox;
import dev.usher.dedupe.DedupeMetrics;
import dev.usher.dedupe.RedisDeduplicator;
import dev.usher.dedupe.RedisLink;
import dev.usher.deliver.AddressGuard;
import dev.usher.deliver.AddressRules;
import dev.usher.deliver.DeliveryMetrics;
import dev.usher.deliver.DnsNameResolver;
import dev.usher.deliver.Lanes;
import dev.usher.deliver.Poster;
import dev.usher.deliver.RetryPolicy;
import dev.usher.dispatch.Claimer;
import dev.usher.dispatch.Dispatcher;
import dev.usher.dispatch.Lease;
import dev.usher.dispatch.PostgresDueDeliveries;
import dev.usher.dispatch.PostgresLeases;
import dev.usher.dispatch.Returns;
import dev.usher.dispatch.Strays;
import dev.usher.dispatch.TakeOver;
import dev.usher.event.UuidV7;
import dev.usher.ingress.IngressMetrics;
import dev.usher.ingress.IngressServer;
import dev.usher.journal.BatchingJournal;
import dev.usher.journal.JournalMetrics;
import dev.usher.journal.PostgresAttemptLog;
import dev.usher.journal.PostgresBatchWriter;
import dev.usher.journal.PostgresConnections;
import dev.usher.registry.PostgresRegistry;
import dev.usher.store.PostgresPartitions;
import dev.usher.store.PostgresPools;
import dev.usher.verify.Schemes;
import dev.usher.verify.Verifier;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * One gateway: everything is wired here, top to bottom, and nowhere else.
 *
 * <pre>
 * ingress ─▶ verify ─▶ dedupe ─▶ journal ══commit══▶ 202
 *                                   │
 *                                   ▼
 *                 deliver ◀── dispatch ◀── due deliveries
 * </pre>
 *
 * What is above the line of {@link #pipeline} exists once for each node; a {@link Pipeline} exists once
 * for each event loop.
 */
public final class Gateway {
  private static final Duration STATEMENT_MARGIN = Duration.ofSeconds(2);

  private final UsherConfig config;
  private final StoreAccess stores;
  private final InstantSource clock;
  private final String version;

  private final RuntimeMetrics runtime = new RuntimeMetrics();
  private final Vertx vertx;
  private final Pool control;
  private final SecretBox secrets;
  private final PostgresRegistry registry;
  private final PostgresLeases leases;
  private final TakeOver takeOver;
  private final PostgresPartitions partitions;
  private final HealthServer health;
  private final ControlServer controlServer;

  private final IngressMetrics ingressMetrics;
  private final DedupeMetrics dedupeMetrics = new DedupeMetrics(runtime.registry());
  private final JournalMetrics journalMetrics = new JournalMetrics(runtime.registry());
  private final DeliveryMetrics deliveryMetrics = new DeliveryMetrics(runtime.registry());

  private final List<Pipeline> pipelines = new CopyOnWriteArrayList<>();
  private volatile boolean serving;
  private volatile Ports ports = new Ports(0, 0, 0);

  /** The ports that were opened. */
  public record Ports(int ingress, int control, int management) {}

  private Gateway(UsherConfig config, StoreAccess stores, InstantSource clock, String version) {
    this.config = config;
    this.stores = stores;
    this.clock = clock;
    this.version = version;
    vertx =
        runtime.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(config.runtime().eventLoops())
                .setPreferNativeTransport(true));
    secrets = new SecretBox(stores.masterKey());
    control = PostgresPools.control(vertx, stores.postgres(), config.store().postgresConnections());
    registry =
        new PostgresRegistry(
            vertx,
            control,
            PostgresPools.listener(stores.postgres()),
            (keyId, ciphertext, owner) ->
                secrets.open(new SecretBox.Sealed(keyId, ciphertext), owner));
    leases = new PostgresLeases(control);
    takeOver = new TakeOver(vertx, leases);
    partitions = new PostgresPartitions(vertx, control, clock);
    ingressMetrics = new IngressMetrics(runtime.registry(), Schemes.names());
    controlServer =
        new ControlServer(vertx, config.control().listener(), controlRouter());
    health =
        new HealthServer(
            vertx, config.management().listener(), runtime::scrape, this::readiness);
  }

  /**
   * Starts a gateway on stores that are up and migrated.
   *
   * @return completed when it takes events; failed, with everything closed again, where it cannot
   */
  public static Future<Gateway> start(
      UsherConfig config, StoreAccess stores, InstantSource clock, String version) {
    Gateway gateway = new Gateway(config, stores, clock, version);
    return gateway.open().recover(failure -> gateway.abandon(failure));
  }

  private Future<Gateway> open() {
    requireNativeTransport();
    partitions.start();
    return registry
        .start()
        .compose(_ -> deployPipelines())
        .compose(_ -> controlServer.listen().map(port -> ports.ingress(), port))
        .compose(_ -> health.listen())
        .map(
            port -> {
              takeOver.start();
              serving = true;
              return this;
            });
  }

  /** The data path of one event loop, from its last stage to its first. Called on that loop. */
  private Pipeline pipeline(Context context) {
    Duration statements = config.journal().statementTimeout().plus(STATEMENT_MARGIN);
    var journalConnections = connections(statements);
    var logConnections = connections(statements);
    var due = new PostgresDueDeliveries(control);
    var lease = new Lease(vertx, leases, holder(), config.delivery().leaseDuration());
    var returns = new Returns(vertx, due, lease);
    var attempts = new PostgresAttemptLog(vertx, logConnections, lease::last);
    var poster = new Poster(vertx, config.delivery(), addressGuard(), version, clock);
    var lanes =
        new Lanes(
            config.delivery(),
            config.runtime().eventLoops(),
            registry,
            poster,
            new RetryPolicy(config.delivery().retrySchedule(), ThreadLocalRandom.current()),
            attempts,
            returns,
            deliveryMetrics,
            new UuidV7(clock));
    var strays = new Strays(vertx, due, lease, lanes, statements);
    var dispatcher = new Dispatcher(lease, lanes, returns, strays);
    var claimer = new Claimer(vertx, due, lease, registry, dispatcher, lanes);
    var writer = new PostgresBatchWriter(journalConnections, dispatcher, daysRemembered());
    var journal = new BatchingJournal(vertx, config.journal(), writer, dispatcher, journalMetrics);
    var redis = new RedisLink(vertx, stores.redis(), REDIS_PIPELINED);
    var deduplicator = new RedisDeduplicator(vertx, redis, config.dedupe(), dedupeMetrics);
    var ingress =
        new IngressServer(
            vertx,
            config.ingress(),
            registry,
            new Verifier(),
            deduplicator,
            journal,
            ingressMetrics,
            clock);
    runtime.watchEventLoop(vertx);
    return new Pipeline(
        context, ingress, journal, redis, lease, claimer, lanes, poster, journalConnections,
        logConnections);
  }
}
