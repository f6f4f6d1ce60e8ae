package dev.usher;

import dev.usher.config.UsherConfig;
import dev.usher.dedupe.DedupeMetrics;
import dev.usher.deliver.AddressGuard;
import dev.usher.deliver.AddressRules;
import dev.usher.deliver.Circuits;
import dev.usher.deliver.Connections;
import dev.usher.deliver.DeliveryMetrics;
import dev.usher.deliver.DnsNameResolver;
import dev.usher.deliver.LongFailures;
import dev.usher.deliver.OwnListeners;
import dev.usher.deliver.SharedRates;
import dev.usher.dispatch.Fleet;
import dev.usher.dispatch.OrderedEndpoints;
import dev.usher.dispatch.PostgresLeases;
import dev.usher.dispatch.PostgresLeftovers;
import dev.usher.dispatch.PostgresRecoveries;
import dev.usher.dispatch.RecoveryWork;
import dev.usher.dispatch.TakeOver;
import dev.usher.dispatch.Upkeep;
import dev.usher.filter.EndpointFilters;
import dev.usher.ingress.IngressMetrics;
import dev.usher.journal.JournalMetrics;
import dev.usher.journal.PostgresDisabling;
import dev.usher.journal.PostgresFailureRecord;
import dev.usher.registry.PostgresRegistry;
import dev.usher.store.PostgresPartitions;
import dev.usher.store.PostgresPools;
import dev.usher.store.PostgresRetention;
import dev.usher.trace.OpenTelemetryTraces;
import dev.usher.trace.Traces;
import dev.usher.verify.Schemes;
import dev.usher.watch.PostgresRollUp;
import dev.usher.watch.RollUp;
import io.vertx.core.Future;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What exists once for each node, whatever its number of event loops: the pool for everything that
 * is not the data path, what is known of sources and endpoints, and the work in the background.
 */
final class Node {
  /** Between looks at endpoints that only fail: it is a matter of days. */
  private static final Duration LONG_FAILURES_INTERVAL = Duration.ofSeconds(10);

  private static final Duration NAME_TIMEOUT = Duration.ofSeconds(5);

  final UsherConfig config;
  final StoreAccess stores;
  final InstantSource clock;
  final String version;

  final @Nullable OpenTelemetryTraces tracing; // null while it is off
  final Traces traces;
  final RuntimeMetrics runtime;
  final JournalMetrics journalMetrics;
  final DedupeMetrics dedupeMetrics;
  final DeliveryMetrics deliveryMetrics;
  final IngressMetrics ingressMetrics;

  final Vertx vertx;
  final BoxedSecrets secrets;
  final Pool pool;
  final Pool dispatchPool;
  final PostgresRegistry registry;
  final PostgresLeases leases;
  final Connections connections;
  final Circuits circuits;
  final SharedRates rateShares;
  final OwnListeners ownListeners = new OwnListeners();
  final OrderedEndpoints ordered = new OrderedEndpoints();
  final EndpointFilters filters = new EndpointFilters();
  final Background background = new Background();

  private final PostgresPartitions partitions;

  Node(UsherConfig config, StoreAccess stores, InstantSource clock, String version) {
    this.config = config;
    this.stores = stores;
    this.clock = clock;
    this.version = version;
    tracing =
        config.tracing().otlpEndpoint() == null
            ? null
            : new OpenTelemetryTraces(config.tracing(), version, clock);
    traces = tracing == null ? Traces.OFF : tracing;
    runtime = new RuntimeMetrics(tracing != null);
    journalMetrics = new JournalMetrics(runtime.registry());
    dedupeMetrics = new DedupeMetrics(runtime.registry());
    deliveryMetrics = new DeliveryMetrics(runtime.registry());
    vertx = runtime.vertx(options(), tracing == null ? null : tracing.forVertx());
    secrets = new BoxedSecrets(stores.masterKeys());
    pool = PostgresPools.control(vertx, stores.postgres(), config.store().postgresConnections());
    dispatchPool = PostgresPools.dispatch(vertx, stores.postgres(), loops());
    registry =
        new PostgresRegistry(vertx, pool, PostgresPools.listener(stores.postgres()), secrets);
    leases = new PostgresLeases(dispatchPool);
    connections = new Connections(config.delivery(), extraCas(), addressRules());
    PostgresDisabling disabling = new PostgresDisabling(pool, clock, filters);
    circuits = new Circuits(disabling);
    partitions = new PostgresPartitions(vertx, pool, clock);
    Fleet fleet = new Fleet(vertx, leases, loops());
    rateShares = new SharedRates(loops(), fleet::loops);

    registry.onChange(ordered::changed);
    registry.onRemoval(ordered::removed);
    registry.onChange(filters::changed);
    registry.onRemoval(filters::removed);
    registry.onRemoval(circuits::forget);
    registry.onRemoval(deliveryMetrics::forget);
    registry.onRemoval(rateShares::forget);

    runtime.describe(version);
    ingressMetrics = new IngressMetrics(runtime.registry(), Set.copyOf(Schemes.names()));
    journalMetrics.holdsAtMost((long) loops() * config.journal().bufferedEvents());
    deliveryMetrics.watch(circuits);
    deliveryMetrics.watchFleet(fleet::loops);

    var takeOver = new TakeOver(vertx, leases);
    var longFailures =
        new LongFailures(
            vertx,
            circuits,
            new PostgresFailureRecord(pool),
            disabling,
            registry,
            LONG_FAILURES_INTERVAL);
    var recoveries = new RecoveryWork(vertx, new PostgresRecoveries(pool));
    var upkeep = new Upkeep(vertx, new PostgresLeftovers(pool));
    var retention = new PostgresRetention(vertx, pool, config.retention(), config.dedupe());
    background.add(takeOver::start, takeOver::stop);
    background.add(fleet::start, fleet::stop);
    background.add(longFailures::start, longFailures::stop);
    background.add(recoveries::start, recoveries::stop);
    background.add(upkeep::start, upkeep::stop);
    background.add(retention::start, retention::stop);
    var rollUp = new RollUp(vertx, new PostgresRollUp(pool, clock)::step);
    background.add(rollUp::start, rollUp::stop);
  }

  private VertxOptions options() {
    return new VertxOptions()
        .setEventLoopPoolSize(loops())
        .setPreferNativeTransport(true)
        // Nothing is served from the class path: no cache on disk, which may be read-only.
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }

  /** Knows sources and endpoints when completed; there are partitions for the events of today. */
  Future<Void> open() {
    requireNativeTransport();
    partitions.start();
    return registry.start();
  }

  /** Ends the work in the background. What is known of sources and endpoints stays up to date. */
  void quiet() {
    background.stop();
    partitions.stop();
  }

  /** What has ended and waits to be sent to the collector. */
  Future<Void> sendTraces() {
    return tracing == null ? Future.succeededFuture() : tracing.close();
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

  int loops() {
    return config.runtime().eventLoops();
  }

  AddressGuard addressGuard() {
    return new AddressGuard(addressRules(), new DnsNameResolver(vertx, NAME_TIMEOUT));
  }

  private AddressRules addressRules() {
    return new AddressRules(
        config.delivery().allowedNetworks(), config.delivery().allowedPorts(), ownListeners);
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
}
