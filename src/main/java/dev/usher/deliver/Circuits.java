package dev.usher.deliver;

import dev.usher.event.Attempt.Outcome;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.registry.EndpointRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node knows of endpoints that fail: a {@link Breaker} for each, and since when it only
 * failed. An endpoint that works costs nothing here but a look-up: it has no entry.
 *
 * <p>A change of the endpoint by a person closes its breaker: who has mended it need not wait.
 *
 * <p>Shared by the node's event loops, without a lock.
 */
public final class Circuits {
  private static final Logger LOG = LoggerFactory.getLogger(Circuits.class);

  /** Endpoints named to the journal; of more than these some deliveries are leased and returned. */
  private static final int MOST_OPEN_NAMED = 100;

  /** Endpoints that work again and whose record waits to be ended; more are found later. */
  private static final int MOST_RECOVERED = 10_000;

  private static final int GONE = 410;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  private final Disabling disabling;
  private final Map<EndpointId, Failing> failing = new ConcurrentHashMap<>();
  private final Set<EndpointId> open = ConcurrentHashMap.newKeySet();
  private final Set<EndpointId> recovered = ConcurrentHashMap.newKeySet();

  /** An endpoint that has failed since its last success, as it was at one revision. */
  private static final class Failing {
    private final Endpoint endpoint;
    private final Breaker breaker = new Breaker();
    private final long sinceNanos = System.nanoTime();
    private volatile long lastNanos = sinceNanos;
    private volatile boolean recorded;
    private volatile boolean unwritten; // it has failed since that was last written down

    private Failing(Endpoint endpoint) {
      this.endpoint = endpoint;
    }
  }

  /**
   * An endpoint that only failed on this node.
   *
   * @param lastNanosAgo when it last failed
   */
  public record Streak(Endpoint endpoint, long lastNanosAgo) {}

  public Circuits(Disabling disabling) {
    this.disabling = disabling;
  }

  /** Whether an attempt would be let through now. */
  boolean allows(Endpoint endpoint) {
    Failing known = known(endpoint);
    return known == null || known.breaker.allows(System.nanoTime());
  }

  /** Whether so much as one more delivery should be taken on: the next attempt decides. */
  boolean isOpen(Endpoint endpoint) {
    Failing known = known(endpoint);
    return known != null && !known.breaker.isClosed();
  }

  /** Lets an attempt through or not, see {@link Breaker#enter}. */
  boolean enter(Endpoint endpoint) {
    Failing known = known(endpoint);
    return known == null || known.breaker.enter(System.nanoTime());
  }

  /** An attempt to deliver {@code event} that was let through has ended. */
  void ended(Endpoint endpoint, Event event, Answer answer) {
    if (answer.outcome() == Outcome.SUCCEEDED) {
      succeeded(endpoint);
      return;
    }
    Failing entry = known(endpoint);
    if (entry == null) {
      entry = failing.computeIfAbsent(endpoint.id(), _ -> new Failing(endpoint));
    }
    long now = System.nanoTime();
    entry.lastNanos = now;
    entry.unwritten = true;
    Integer status = answer.status();
    if (status != null && status == GONE) {
      entry.breaker.trip(now);
      open.add(endpoint.id());
      disabling.gone(endpoint, event);
    } else if (isThere(status)) {
      entry.breaker.succeeded();
      open.remove(endpoint.id());
    } else if (entry.breaker.failed(now, answer.retryAfter())) {
      open.add(endpoint.id());
      LOG.info("{} only fails, its circuit is open: {}", endpoint.id(), answer.error());
    }
  }

  /** The endpoint works: for the breaker, and for the record of how long it only failed. */
  void succeeded(Endpoint endpoint) {
    Failing entry = failing.get(endpoint.id());
    if (entry == null || !failing.remove(endpoint.id(), entry)) {
      return;
    }
    if (open.remove(endpoint.id())) {
      LOG.info("{} works again, its circuit is closed", endpoint.id());
    }
    if (entry.recorded && recovered.size() < MOST_RECOVERED) {
      recovered.add(endpoint.id());
    }
  }

  /**
   * An answer that says no to this event, such as 400 or 404, comes from an endpoint that is there:
   * other events need not wait. What says that it cannot serve now counts as a failure.
   */
  private static boolean isThere(@Nullable Integer status) {
    return status != null
        && status < 500
        && status != REQUEST_TIMEOUT
        && status != TOO_MANY_REQUESTS;
  }

  private @Nullable Failing known(Endpoint endpoint) {
    Failing entry = failing.get(endpoint.id());
    if (entry != null && entry.endpoint.revision() != endpoint.revision()) {
      forget(endpoint.id());
      return null;
    }
    return entry;
  }

  /** Forgets an endpoint that is deleted or changed. */
  public void forget(EndpointId endpoint) {
    failing.remove(endpoint);
    open.remove(endpoint);
  }

  /** Endpoints whose circuit is not closed, at most a hundred of them. */
  List<EndpointId> open() {
    if (open.isEmpty()) {
      return List.of();
    }
    open.removeIf(this::isClosed); // two loops came to know different things at once
    return open.stream().limit(MOST_OPEN_NAMED).toList();
  }

  private boolean isClosed(EndpointId endpoint) {
    Failing entry = failing.get(endpoint);
    return entry == null || entry.breaker.isClosed();
  }

  /** How many circuits are not closed. */
  int openCount() {
    return open.size();
  }

  /**
   * Takes what has failed here since its last success, for at least {@code nanos}, and again since
   * this was last asked. Without a new failure there is nothing to say: the endpoint may have
   * succeeded on another node meanwhile, and its record have ended.
   */
  List<Streak> takeStreaks(long nanos) {
    long now = System.nanoTime();
    List<Streak> streaks = new ArrayList<>();
    for (Failing entry : failing.values()) {
      if (entry.unwritten && now - entry.sinceNanos >= nanos) {
        entry.unwritten = false;
        streaks.add(new Streak(entry.endpoint, now - entry.lastNanos));
      }
    }
    return streaks;
  }

  /** Puts back what {@link #takeStreaks} gave, because it could not be written down. */
  void putBackStreaks(List<Streak> streaks) {
    for (Streak streak : streaks) {
      Failing entry = failing.get(streak.endpoint().id());
      if (entry != null) {
        entry.unwritten = true;
      }
    }
  }

  /** There is a record of the endpoint, made here or by another node: a success must end it. */
  void recorded(Endpoint endpoint) {
    failing.computeIfAbsent(endpoint.id(), _ -> new Failing(endpoint)).recorded = true;
  }

  /** Takes the endpoints that had a record and have succeeded since. */
  List<EndpointId> takeRecovered() {
    List<EndpointId> taken = List.copyOf(recovered);
    taken.forEach(recovered::remove);
    return taken;
  }

  /** Puts back what {@link #takeRecovered} gave, because it could not be written down. */
  void putBackRecovered(List<EndpointId> endpoints) {
    recovered.addAll(endpoints);
  }

  /** Forgets endpoints that {@code registry} does not know any more. */
  void prune(EndpointRegistry registry) {
    failing.keySet().removeIf(endpoint -> registry.find(endpoint) == null);
  }
}
