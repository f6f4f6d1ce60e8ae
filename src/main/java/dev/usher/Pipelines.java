package dev.usher;

import dev.usher.dedupe.RedisDeduplicator;
import dev.usher.deliver.Attempts;
import dev.usher.deliver.Lanes;
import dev.usher.deliver.Paces;
import dev.usher.deliver.Poster;
import dev.usher.deliver.RedisEndpointRates;
import dev.usher.deliver.RetryPolicy;
import dev.usher.deliver.Trials;
import dev.usher.dispatch.Claimer;
import dev.usher.dispatch.Dispatcher;
import dev.usher.dispatch.Lease;
import dev.usher.dispatch.OrderedClaimer;
import dev.usher.dispatch.OrderedLog;
import dev.usher.dispatch.PostgresDueDeliveries;
import dev.usher.dispatch.PostgresOrderedDeliveries;
import dev.usher.dispatch.Returns;
import dev.usher.dispatch.Strays;
import dev.usher.dispatch.Turns;
import dev.usher.event.Attempt;
import dev.usher.event.EndpointId;
import dev.usher.event.UuidV7;
import dev.usher.ingress.IngressServer;
import dev.usher.journal.BatchingJournal;
import dev.usher.journal.OrderedWriter;
import dev.usher.journal.PostgresAttemptLog;
import dev.usher.journal.PostgresBatchWriter;
import dev.usher.journal.PostgresConnections;
import dev.usher.journal.PostgresExhaustedLog;
import dev.usher.journal.PostgresRejectionLog;
import dev.usher.journal.PostgresTrialLog;
import dev.usher.store.PostgresPools;
import dev.usher.store.RedisLink;
import dev.usher.verify.Verifier;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** The data path, once for each event loop: here its stages are put together. */
final class Pipelines {
  /** What a statement may take beyond its own time-out before its connection counts as lost. */
  private static final Duration STATEMENT_MARGIN = Duration.ofSeconds(2);

  /** Commands on their way to Redis from one event loop. */
  private static final int REDIS_PIPELINED = 32_768;

  private final Node node;
  private final Vertx vertx;
  private final List<Pipeline> pipelines = new CopyOnWriteArrayList<>();
  private volatile int ingressPort;

  Pipelines(Node node) {
    this.node = node;
    vertx = node.vertx;
  }

  /** Opens one on each event loop; gives the port of the public door. */
  Future<Integer> open() {
    return vertx
        .deployVerticle(PipelineVerticle::new, new DeploymentOptions().setInstances(node.loops()))
        .compose(_ -> pipelines.getFirst().renewCertificate())
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

  /** Those that are open, or being opened: at first none. */
  List<Pipeline> all() {
    return Collections.unmodifiableList(pipelines);
  }

  /** Takes a step on every event loop; fails when one of them does, after all have ended. */
  Future<Void> each(Function<Pipeline, Future<Void>> step) {
    return Future.join(pipelines.stream().map(step).toList()).mapEmpty();
  }

  /** On any of the event loops: each has connections to endpoints of its own. */
  Future<Optional<Attempt>> test(EndpointId endpoint) {
    int any = ThreadLocalRandom.current().nextInt(pipelines.size());
    return pipelines.get(any).test(endpoint);
  }

  /** Whether Redis, all of it, answers every event loop. */
  boolean redisIsUp() {
    return !pipelines.isEmpty() && pipelines.stream().allMatch(p -> p.redis().isWhole());
  }

  /** The data path of one event loop, from its last stage to its first. Called on that loop. */
  private Pipeline pipeline(Context context) {
    var redis = RedisLink.to(vertx, node.stores.redis(), REDIS_PIPELINED);
    var lease = new Lease(vertx, node.leases, holder(), node.config.delivery().leaseDuration());
    var delivery = delivery(redis, lease);
    var dispatcher = delivery.dispatcher();
    var connections = connections();
    var writer =
        new OrderedWriter(
            new PostgresBatchWriter(connections, dispatcher, daysRemembered(), node.filters),
            delivery.turns());
    var journal =
        new BatchingJournal(
            vertx, node.config.journal(), writer, dispatcher, node.journalMetrics, node.traces);
    var deduplicator =
        new RedisDeduplicator(vertx, redis, node.config.dedupe(), node.dedupeMetrics);
    var rejections = new PostgresRejectionLog(vertx, node.pool);
    var ingress =
        new IngressServer(
            vertx,
            node.config.ingress(),
            node.loops(),
            node.registry,
            new Verifier(),
            deduplicator,
            journal,
            rejections,
            node.ingressMetrics,
            node.traces,
            node.clock);
    node.runtime.watchEventLoop(vertx);
    return new Pipeline(
        context, ingress, deduplicator, journal, rejections, connections, redis, lease, delivery);
  }

  /** What comes after the commit. */
  private DeliveryStages delivery(RedisLink redis, Lease lease) {
    var connections = connections();
    var due = new PostgresDueDeliveries(node.dispatchPool);
    var returns = new Returns(vertx, due, lease);
    var turns = new Turns(node.ordered);
    var attempts = new PostgresAttemptLog(vertx, connections);
    var exhausted =
        new PostgresExhaustedLog(vertx, connections, node.clock, node.filters, attempts);
    var poster =
        new Poster(
            vertx,
            node.config.delivery(),
            node.addressGuard(),
            node.connections,
            node.version,
            node.clock);
    var lanes =
        new Lanes(
            node.config.delivery(),
            node.loops(),
            node.registry,
            poster,
            new Attempts(
                new RetryPolicy(
                    node.config.delivery().retrySchedule(), RandomGenerator.getDefault()),
                node.deliveryMetrics,
                node.traces,
                new UuidV7(node.clock)),
            new OrderedLog(exhausted, turns),
            returns,
            node.circuits,
            new Paces(vertx, new RedisEndpointRates(redis, node.rateShares)));
    var dispatcher =
        new Dispatcher(
            lease, lanes, returns, new Strays(vertx, due, lease, lanes, statementDeadline()));
    return new DeliveryStages(
        dispatcher,
        new Claimer(vertx, due, lease, node.registry, dispatcher, lanes),
        new OrderedClaimer(
            vertx,
            new PostgresOrderedDeliveries(node.dispatchPool),
            lease,
            node.registry,
            dispatcher,
            lanes,
            turns),
        turns,
        lanes,
        trials(poster),
        poster,
        connections);
  }

  private Trials trials(Poster poster) {
    return new Trials(
        node.config.delivery(),
        node.registry,
        poster,
        node.circuits,
        new PostgresTrialLog(node.pool),
        new UuidV7(node.clock));
  }

  private PostgresConnections connections() {
    return new PostgresConnections(
        vertx,
        PostgresPools.journal(node.stores.postgres(), node.config.journal().statementTimeout()),
        statementDeadline());
  }

  private Duration statementDeadline() {
    return node.config.journal().statementTimeout().plus(STATEMENT_MARGIN);
  }

  private int daysRemembered() {
    return (int) Math.ceilDiv(node.config.dedupe().window().toHours(), 24);
  }

  private static String holder() {
    return ProcessHandle.current().pid() + "/" + Thread.currentThread().getName();
  }
}
