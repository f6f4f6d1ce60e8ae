package dev.usher.deliver;

import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.registry.EndpointRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disables endpoints that have only failed for five days. What this node sees of it is written down
 * now and then, off the data path; what other nodes wrote is read, so that a success on any node
 * ends the record. One for each node.
 */
public final class LongFailures {
  private static final Logger LOG = LoggerFactory.getLogger(LongFailures.class);

  /** A failure that is over sooner is nobody's business but the retry schedule's. */
  private static final Duration WORTH_RECORDING = Duration.ofMinutes(1);

  /** Records read in one round; the next round reads the next. */
  private static final int PAGE = 1_000;

  private static final int MOST_DISABLED = 100;

  private final Vertx vertx;
  private final Circuits circuits;
  private final FailureRecord record;
  private final Disabling disabling;
  private final EndpointRegistry endpoints;
  private final Duration interval;
  private @Nullable EndpointId read;
  private boolean stopped;

  public LongFailures(
      Vertx vertx,
      Circuits circuits,
      FailureRecord record,
      Disabling disabling,
      EndpointRegistry endpoints,
      Duration interval) {
    this.vertx = vertx;
    this.circuits = circuits;
    this.record = record;
    this.disabling = disabling;
    this.endpoints = endpoints;
    this.interval = interval;
  }

  /** Looks at once: after a restart a success must find the record. */
  public void start() {
    look();
  }

  public void stop() {
    stopped = true;
  }

  private void look() {
    if (stopped) {
      return;
    }
    circuits.prune(endpoints);
    writeStreaks()
        .compose(_ -> endRecovered())
        .compose(_ -> readRecorded())
        .compose(_ -> record.overdue(MOST_DISABLED))
        .compose(this::disable)
        .onComplete(
            done -> {
              if (done.failed() && !stopped) {
                LOG.warn("Long failures are looked at later: {}", done.cause().toString());
              }
              vertx.setTimer(interval.toMillis(), _ -> look());
            });
  }

  private Future<Void> writeStreaks() {
    List<Circuits.Streak> streaks = circuits.takeStreaks(WORTH_RECORDING.toNanos());
    if (streaks.isEmpty()) {
      return Future.succeededFuture();
    }
    return record
        .failing(streaks)
        .onSuccess(_ -> streaks.forEach(streak -> circuits.recorded(streak.endpoint())))
        .onFailure(_ -> circuits.putBackStreaks(streaks));
  }

  private Future<Void> endRecovered() {
    List<EndpointId> recovered = circuits.takeRecovered();
    if (recovered.isEmpty()) {
      return Future.succeededFuture();
    }
    return record.ended(recovered).onFailure(_ -> circuits.putBackRecovered(recovered));
  }

  private Future<Void> readRecorded() {
    return record
        .recorded(read, PAGE)
        .map(
            page -> {
              for (EndpointId id : page) {
                Endpoint endpoint = endpoints.find(id);
                if (endpoint != null) {
                  circuits.recorded(endpoint);
                }
              }
              read = page.size() < PAGE ? null : page.getLast();
              return null;
            });
  }

  private Future<Void> disable(List<FailureRecord.Overdue> overdue) {
    Future<Void> done = Future.succeededFuture();
    for (FailureRecord.Overdue one : overdue) {
      Endpoint endpoint = endpoints.find(one.endpoint());
      if (endpoint != null && endpoint.isActive()) {
        done = done.compose(_ -> disabling.onlyFailed(endpoint, one.since()));
      }
    }
    return done;
  }
}
