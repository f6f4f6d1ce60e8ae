package dev.usher;

import dev.usher.config.Listener;
import dev.usher.config.UsherConfig;
import dev.usher.console.Console;
import dev.usher.console.PostgresSessions;
import dev.usher.control.ControlApi;
import dev.usher.control.ControlServer;
import dev.usher.control.HealthServer;
import dev.usher.control.NamedCalls;
import dev.usher.control.PostgresControlStores;
import dev.usher.watch.PostgresState;
import dev.usher.watch.StoreMetrics;
import dev.usher.watch.StoreWatch;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One gateway. What it is made of is put together here and in this package, and nowhere else.
 *
 * <pre>
 * ingress ─▶ verify ─▶ dedupe ─▶ journal ══commit══▶ 202
 *                                   │
 *                                   ▼
 *                 deliver ◀── dispatch ◀── due deliveries
 * </pre>
 *
 * A {@link Node} is what exists once; {@link Pipelines} puts the stages above together, once for
 * each event loop; here are the doors beside them, and the order of starting and stopping.
 */
public final class Gateway {
  private final Node node;
  private final Pipelines pipelines;
  private final StoreWatch watch;
  private final Vitals vitals;
  private final ControlServer control;
  private final HealthServer health;

  private volatile Ports ports = new Ports(0, 0, 0);
  private @Nullable Future<Void> stopped;

  /** The ports that were opened. */
  public record Ports(int ingress, int control, int management) {}

  private Gateway(Node node) {
    this.node = node;
    pipelines = new Pipelines(node);
    vitals = new Vitals(node, pipelines);
    watch =
        new StoreWatch(
            node.vertx,
            new PostgresState(
                node.pool, node.config.retention().retention(), node.config.dedupe().window()),
            () -> pipelines.each(Pipeline::pingRedis),
            new StoreMetrics(node.runtime.registry(), pipelines::redisIsUp));
    node.background.add(watch::start, watch::stop);
    ControlApi api =
        new ControlApi(
            node.vertx,
            new PostgresControlStores(node.pool, node.secrets, node.clock),
            node.stores.adminKey(),
            new KnownSchemes(),
            new GuardedUrls(node.addressGuard()),
            node.registry::reread,
            pipelines::test,
            new PipelinePublisher(node.vertx, pipelines, node.traces));
    Listener controlListener = node.config.control().listener();
    Console console =
        new Console(
            node.vertx,
            api.local(),
            new PostgresSessions(node.pool),
            new KnownSchemes(),
            node.clock,
            new Console.Doors(
                controlListener.tls() != null,
                node.config.ingress().listener().tls() != null,
                () -> ports.ingress()));
    Router routes = console.addTo(api.router(node.vertx));
    if (node.tracing != null) {
      new NamedCalls(node.tracing::currentCall).addTo(routes);
    }
    control = new ControlServer(node.vertx, controlListener, routes);
    health =
        new HealthServer(
            node.vertx,
            node.config.management().listener(),
            vitals::scrape,
            node.tracing != null,
            vitals::readiness);
  }

  /**
   * Starts a gateway on stores that are up and migrated.
   *
   * @return completed when it takes events; failed, with everything closed again, where it cannot
   */
  public static Future<Gateway> start(
      UsherConfig config, StoreAccess stores, InstantSource clock, String version) {
    Gateway gateway = new Gateway(new Node(config, stores, clock, version));
    return gateway.open().recover(failure -> gateway.abandon(failure));
  }

  private Future<Gateway> open() {
    return node.open()
        .compose(_ -> pipelines.open())
        .compose(ingress -> openDoors(ingress))
        .map(
            opened -> {
              ports = opened;
              node.ownListeners.opened(
                  Set.copyOf(List.of(opened.ingress(), opened.control(), opened.management())));
              node.background.start();
              vitals.serving(true);
              return this;
            });
  }

  private Future<Ports> openDoors(int ingress) {
    return control
        .listen()
        .compose(api -> health.listen().map(metrics -> new Ports(ingress, api, metrics)));
  }

  private Future<Gateway> abandon(Throwable failure) {
    return stop(Duration.ZERO).transform(_ -> Future.failedFuture(failure));
  }

  /** The ports that are open. */
  public Ports ports() {
    return ports;
  }

  /**
   * Stops in an order in which nothing is cut and nothing lost; at the latest when {@code grace} is
   * over. What is not delivered by then waits in the table for another node or the next start.
   *
   * @return completed when everything is closed; never fails
   */
  public synchronized Future<Void> stop(Duration grace) {
    if (stopped == null) {
      vitals.serving(false);
      node.quiet();
      stopped =
          new ShutdownSequence(node.vertx)
              .then("answer requests under way", in -> pipelines.each(p -> p.drainIngress(in)))
              .then("finish calls of the management API", control::drain)
              .then("write down what was taken", _ -> pipelines.each(Pipeline::flushJournal))
              .then("end attempts under way", _ -> pipelines.each(Pipeline::finishDeliveries))
              .then("give the leases back", _ -> pipelines.each(Pipeline::releaseLease))
              .then("close the registry", _ -> node.registry.stop())
              .then("close the clients", _ -> pipelines.each(Pipeline::closeClients))
              .then("send the last traces", _ -> node.sendTraces())
              .then("close the management port", _ -> health.close())
              .then(
                  "close the pools", _ -> Future.join(node.pool.close(), node.dispatchPool.close()))
              .run(grace)
              .transform(_ -> node.vertx.close())
              .onComplete(_ -> node.runtime.close());
    }
    return stopped;
  }
}
