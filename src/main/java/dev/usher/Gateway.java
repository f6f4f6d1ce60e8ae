package dev.usher;

import dev.usher.config.UsherConfig;
import dev.usher.control.ControlApi;
import dev.usher.control.ControlServer;
import dev.usher.control.HealthServer;
import dev.usher.control.HealthServer.Readiness;
import dev.usher.control.PostgresControlStores;
import dev.usher.dedupe.DedupeMetrics;
import dev.usher.dedupe.RedisDeduplicator;
import dev.usher.deliver.AddressGuard;
import dev.usher.deliver.AddressRules;
import dev.usher.deliver.Circuits;
import dev.usher.deliver.Connections;
import dev.usher.deliver.DeliveryMetrics;
import dev.usher.deliver.DnsNameResolver;
import dev.usher.deliver.Lanes;
import dev.usher.deliver.LongFailures;
import dev.usher.deliver.Paces;
import dev.usher.deliver.Poster;
import dev.usher.deliver.RedisEndpointRates;
import dev.usher.deliver.RetryPolicy;
import dev.usher.deliver.SharedRates;
import dev.usher.deliver.Trials;
import dev.usher.dispatch.Claimer;
import dev.usher.dispatch.Dispatcher;
import dev.usher.dispatch.Fleet;
import dev.usher.dispatch.Lease;
import dev.usher.dispatch.OrderedClaimer;
import dev.usher.dispatch.OrderedEndpoints;
import dev.usher.dispatch.OrderedLog;
import dev.usher.dispatch.PostgresDueDeliveries;
import dev.usher.dispatch.PostgresLeases;
import dev.usher.dispatch.PostgresLeftovers;
import dev.usher.dispatch.PostgresOrderedDeliveries;
import dev.usher.dispatch.PostgresRecoveries;
import dev.usher.dispatch.RecoveryWork;
import dev.usher.dispatch.Returns;
import dev.usher.dispatch.Strays;
import dev.usher.dispatch.TakeOver;
import dev.usher.dispatch.Turns;
import dev.usher.dispatch.Upkeep;
import dev.usher.event.Attempt;
import dev.usher.event.EndpointId;
import dev.usher.event.UuidV7;
import dev.usher.ingress.IngressMetrics;
import dev.usher.ingress.IngressServer;
import dev.usher.journal.BatchingJournal;
import dev.usher.journal.JournalMetrics;
import dev.usher.journal.OrderedWriter;
import dev.usher.journal.PostgresAttemptLog;
import dev.usher.journal.PostgresBatchWriter;
import dev.usher.journal.PostgresConnections;
import dev.usher.journal.PostgresDisabling;
import dev.usher.journal.PostgresExhaustedLog;
import dev.usher.journal.PostgresFailureRecord;
import dev.usher.journal.PostgresRejectionLog;
import dev.usher.journal.PostgresTrialLog;
import dev.usher.registry.PostgresRegistry;
import dev.usher.store.PostgresPartitions;
import dev.usher.store.PostgresPools;
import dev.usher.store.PostgresRetention;
import dev.usher.store.RedisLink;
import dev.usher.verify.Schemes;
import dev.usher.verify.Verifier;
import dev.usher.watch.PostgresState;
import dev.usher.watch.StoreMetrics;
import dev.usher.watch.StoreWatch;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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
 * What is above the line of {@link #pipeline} exists once for each node; a {@link Pipeline} exists
 * once for each event loop.
 */
public final class Gateway {
  /** What a statement may take beyond its own time-out before its connection counts as lost. */
  private static final Duration STATEMENT_MARGIN = Duration.ofSeconds(2);

  private static final Duration READINESS_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration NAME_TIMEOUT = Duration.ofSeconds(5);

  /** Between looks at endpoints that only fail: it is a matter of days. */
  private static final Duration LONG_FAILURES_INTERVAL = Duration.ofSeconds(10);

  /** Commands on their way to Redis from one event loop. */
  private static final int REDIS_PIPELINED = 32_768;

  private final UsherConfig config;
  private final StoreAccess stores;
  private final InstantSource clock;
  private final String version;

  private final RuntimeMetrics runtime = new RuntimeMetrics();
  private final Vertx vertx;
  private final Pool control;
  private final PostgresRegistry registry;
  private final PostgresLeases leases;
  private final TakeOver takeOver;
  private final Fleet fleet;
  private final SharedRates rateShares;
  private final Connections connections;
  private final Circuits circuits;
  private final OrderedEndpoints ordered = new OrderedEndpoints();
  private final LongFailures longFailures;
  private final RecoveryWork recoveryWork;
  private final Upkeep upkeep;
  private final PostgresPartitions partitions;
  private final PostgresRetention retention;
  private final HealthServer health;
  private final StoreWatch watch;
  private final ControlServer controlServer;

  private final IngressMetrics ingressMetrics;
  private final DedupeMetrics dedupeMetrics = new DedupeMetrics(runtime.registry());
  private final JournalMetrics journalMetrics = new JournalMetrics(runtime.registry());
  private final DeliveryMetrics deliveryMetrics = new DeliveryMetrics(runtime.registry());

  private final List<Pipeline> pipelines = new CopyOnWriteArrayList<>();
  private volatile int ingressPort;
  private volatile boolean serving;
  private volatile Ports ports = new Ports(0, 0, 0);
  private @Nullable Future<Void> stopped;
  private @Nullable Future<String> scraping; // one for all who ask while it is written

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
                .setPreferNativeTransport(true)
                // Nothing is served from the class path: no cache on disk, which may be read-only.
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    BoxedSecrets secrets = new BoxedSecrets(stores.masterKey());
    control = PostgresPools.control(vertx, stores.postgres(), config.store().postgresConnections());
    registry =
        new PostgresRegistry(vertx, control, PostgresPools.listener(stores.postgres()), secrets);
    leases = new PostgresLeases(control);
    takeOver = new TakeOver(vertx, leases);
    connections = new Connections(config.delivery(), extraCas(), addressRules());
    fleet = new Fleet(vertx, leases, config.runtime().eventLoops());
    rateShares = new SharedRates(config.runtime().eventLoops(), fleet::loops);
    registry.onRemoval(rateShares::forget);
    registry.onChange(ordered::changed);
    registry.onRemoval(ordered::removed);
    PostgresDisabling disabling = new PostgresDisabling(control, clock);
    circuits = new Circuits(disabling);
    registry.onRemoval(circuits::forget);
    deliveryMetrics.watch(circuits);
    deliveryMetrics.watchFleet(fleet::loops);
    longFailures =
        new LongFailures(
            vertx,
            circuits,
            new PostgresFailureRecord(control),
            disabling,
            registry,
            LONG_FAILURES_INTERVAL);
    recoveryWork = new RecoveryWork(vertx, new PostgresRecoveries(control));
    upkeep = new Upkeep(vertx, new PostgresLeftovers(control));
    partitions = new PostgresPartitions(vertx, control, clock);
    retention = new PostgresRetention(vertx, control, config.retention(), config.dedupe());
    watch =
        new StoreWatch(
            vertx,
            new PostgresState(control, config.retention().retention(), config.dedupe().window()),
            () -> each(Pipeline::pingRedis),
            new StoreMetrics(runtime.registry(), this::redisIsUp));
    runtime.describe(version);
    journalMetrics.holdsAtMost(
        (long) config.runtime().eventLoops() * config.journal().bufferedEvents());
    ingressMetrics = new IngressMetrics(runtime.registry(), Set.copyOf(Schemes.names()));
    ControlApi api =
        new ControlApi(
            vertx,
            new PostgresControlStores(control, secrets, clock),
            stores.adminKey(),
            new KnownSchemes(),
            addressGuard()::fault,
            registry::reread,
            this::test,
            new PipelinePublisher(vertx, pipelines));
    controlServer = new ControlServer(vertx, config.control().listener(), api.router(vertx));
    health = new HealthServer(vertx, config.management().listener(), this::scrape, this::readiness);
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
        .compose(
            ingress ->
                controlServer
                    .listen()
                    .compose(
                        api ->
                            health
                                .listen()
                                .onSuccess(metrics -> ports = new Ports(ingress, api, metrics))))
        .map(
            _ -> {
              takeOver.start();
              watch.start();
              fleet.start();
              longFailures.start();
              recoveryWork.start();
              upkeep.start();
              retention.start();
              serving = true;
              return this;
            });
  }

  private Future<Gateway> abandon(Throwable failure) {
    return stop(Duration.ZERO).transform(_ -> Future.failedFuture(failure));
  }

  /**
   * Without the native transport a loop serves far fewer requests: on Linux its absence is a fault.
   */
  private void requireNativeTransport() {
    boolean linux = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux");
    if (linux && !vertx.isNativeTransportEnabled()) {
      throw new IllegalStateException(
          "the native transport is not available", vertx.unavailableNativeTransportCause());
    }
  }

  /** One pipeline on each event loop; gives the port of the public door. */
  private Future<Integer> deployPipelines() {
    return vertx
        .deployVerticle(
            PipelineVerticle::new,
            new DeploymentOptions().setInstances(config.runtime().eventLoops()))
        .map(_ -> ingressPort);
  }

  private final class PipelineVerticle extends VerticleBase {
    @Override
    public Future<?> start() {
      Pipeline pipeline = pipeline(context);
      pipelines.add(pipeline);
      return pipeline.open().onSuccess(port -> ingressPort = port);
    }
  }

  /** The ports that are open. */
  public Ports ports() {
    return ports;
  }

  /** The data path of one event loop, from its last stage to its first. Called on that loop. */
  private Pipeline pipeline(Context context) {
    Duration statements = config.journal().statementTimeout().plus(STATEMENT_MARGIN);
    var journalConnections = connections(statements);
    var logConnections = connections(statements);
    var redis = new RedisLink(vertx, stores.redis(), REDIS_PIPELINED);
    var due = new PostgresDueDeliveries(control);
    var lease = new Lease(vertx, leases, holder(), config.delivery().leaseDuration());
    var returns = new Returns(vertx, due, lease);
    var turns = new Turns(ordered);
    var exhausted =
        new PostgresExhaustedLog(
            vertx,
            logConnections,
            lease::last,
            clock,
            new PostgresAttemptLog(vertx, logConnections, lease::last));
    var attempts = new OrderedLog(exhausted, turns);
    var poster = new Poster(vertx, config.delivery(), addressGuard(), connections, version, clock);
    var lanes =
        new Lanes(
            config.delivery(),
            config.runtime().eventLoops(),
            registry,
            poster,
            new RetryPolicy(config.delivery().retrySchedule(), RandomGenerator.getDefault()),
            attempts,
            returns,
            circuits,
            new Paces(vertx, new RedisEndpointRates(redis, rateShares)),
            deliveryMetrics,
            new UuidV7(clock));
    var trials =
        new Trials(
            config.delivery(),
            registry,
            poster,
            circuits,
            new PostgresTrialLog(control),
            new UuidV7(clock));
    var strays = new Strays(vertx, due, lease, lanes, statements);
    var dispatcher = new Dispatcher(lease, lanes, returns, strays);
    var claimer = new Claimer(vertx, due, lease, registry, dispatcher, lanes);
    var inOrder = new PostgresOrderedDeliveries(control);
    var orderedClaimer =
        new OrderedClaimer(vertx, inOrder, lease, registry, dispatcher, lanes, turns);
    var writer =
        new OrderedWriter(
            new PostgresBatchWriter(journalConnections, dispatcher, daysRemembered()), turns);
    var journal = new BatchingJournal(vertx, config.journal(), writer, dispatcher, journalMetrics);
    var deduplicator = new RedisDeduplicator(vertx, redis, config.dedupe(), dedupeMetrics);
    var rejections = new PostgresRejectionLog(vertx, control);
    var ingress =
        new IngressServer(
            vertx,
            config.ingress(),
            config.runtime().eventLoops(),
            registry,
            new Verifier(),
            deduplicator,
            journal,
            rejections,
            ingressMetrics,
            clock);
    runtime.watchEventLoop(vertx);
    return new Pipeline(
        context,
        ingress,
        deduplicator,
        journal,
        rejections,
        redis,
        lease,
        claimer,
        orderedClaimer,
        lanes,
        trials,
        poster,
        journalConnections,
        logConnections);
  }

  private PostgresConnections connections(Duration deadline) {
    return new PostgresConnections(
        vertx,
        PostgresPools.journal(stores.postgres(), config.journal().statementTimeout()),
        deadline);
  }

  private AddressGuard addressGuard() {
    return new AddressGuard(addressRules(), new DnsNameResolver(vertx, NAME_TIMEOUT));
  }

  private AddressRules addressRules() {
    return new AddressRules(config.delivery().allowedNetworks());
  }

  /** Certificates that the operator trusts besides the usual ones: read once, before the start. */
  private List<String> extraCas() {
    Path file = config.delivery().caFile();
    try {
      return file == null ? List.of() : List.of(Files.readString(file, StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("delivery.ca-file cannot be read", e);
    }
  }

  /** On any of the event loops: each has connections to endpoints of its own. */
  private Future<Optional<Attempt>> test(EndpointId endpoint) {
    int any = ThreadLocalRandom.current().nextInt(pipelines.size());
    return pipelines.get(any).test(endpoint);
  }

  private int daysRemembered() {
    return (int) Math.ceilDiv(config.dedupe().window().toHours(), 24);
  }

  private static String holder() {
    return ProcessHandle.current().pid() + "/" + Thread.currentThread().getName();
  }

  /** Not on an event loop: writing some thousand lines would hold up the requests behind it. */
  private Future<String> scrape() {
    Future<String> underWay = scraping;
    if (underWay == null || underWay.isComplete()) {
      underWay = vertx.executeBlocking(runtime::scrape);
      scraping = underWay;
    }
    return underWay;
  }

  /** Postgres decides readiness; without Redis every event costs a trip more, and none is lost. */
  private Future<Readiness> readiness() {
    boolean redis = redisIsUp();
    return control
        .query("SELECT 1")
        .execute()
        .timeout(READINESS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .transform(
            answer -> {
              boolean postgres = answer.succeeded();
              boolean ready = postgres && serving;
              String status = ready ? (redis ? "ready" : "degraded") : "unready";
              return Future.succeededFuture(
                  new Readiness(ready, status, upOrDown(postgres), upOrDown(redis)));
            });
  }

  private boolean redisIsUp() {
    return !pipelines.isEmpty() && pipelines.stream().allMatch(p -> p.redis().isUp());
  }

  private static String upOrDown(boolean up) {
    return up ? "up" : "down";
  }

  /**
   * Stops in an order in which nothing is cut and nothing lost; at the latest when {@code grace} is
   * over. What is not delivered by then waits in the table for another node or the next start.
   *
   * @return completed when everything is closed; never fails
   */
  public synchronized Future<Void> stop(Duration grace) {
    if (stopped == null) {
      serving = false;
      takeOver.stop();
      watch.stop();
      fleet.stop();
      longFailures.stop();
      recoveryWork.stop();
      upkeep.stop();
      partitions.stop();
      retention.stop();
      stopped =
          new ShutdownSequence(vertx)
              .then("answer requests under way", within -> each(p -> p.drainIngress(within)))
              .then("finish calls of the management API", controlServer::drain)
              .then("write down what was taken", _ -> each(Pipeline::flushJournal))
              .then("end attempts under way", _ -> each(Pipeline::finishDeliveries))
              .then("give the leases back", _ -> each(Pipeline::releaseLease))
              .then("close the registry", _ -> registry.stop())
              .then("close the clients", _ -> each(Pipeline::closeClients))
              .then("close the management port", _ -> health.close())
              .then("close the pool", _ -> control.close())
              .run(grace)
              .transform(_ -> vertx.close())
              .onComplete(_ -> runtime.close());
    }
    return stopped;
  }

  private Future<Void> each(Function<Pipeline, Future<Void>> step) {
    return Future.join(pipelines.stream().map(step).toList()).mapEmpty();
  }
}
