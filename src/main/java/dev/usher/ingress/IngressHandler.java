package dev.usher.ingress;

import dev.usher.config.IngressConfig;
import dev.usher.crypto.Hashes;
import dev.usher.dedupe.Deduplicator;
import dev.usher.dedupe.Deduplicator.Memory;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Network;
import dev.usher.event.Source;
import dev.usher.event.UuidV7;
import dev.usher.ingress.Refusals.Known;
import dev.usher.journal.Appended;
import dev.usher.journal.EventJournal;
import dev.usher.journal.RejectionLog;
import dev.usher.registry.SourceRegistry;
import dev.usher.trace.Trace;
import dev.usher.trace.TraceParent;
import dev.usher.trace.Traces;
import dev.usher.verify.SignedRequest;
import dev.usher.verify.Verification;
import dev.usher.verify.Verifier;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides the fate of each request at the public door. Every path answers exactly once, and nothing
 * is kept unless the answer is 202.
 *
 * <p>One for each event loop; not thread-safe.
 */
final class IngressHandler {
  private static final Logger LOG = LoggerFactory.getLogger(IngressHandler.class);
  private static final String PATH = "/in/";
  private static final String UNKNOWN_TYPE = "application/octet-stream";

  private final IngressConfig config;
  private final SourceRegistry sources;
  private final Verifier verifier;
  private final Deduplicator deduplicator;
  private final EventJournal journal;
  private final IngressMetrics metrics;
  private final Traces traces;
  private final InstantSource clock;
  private final UuidV7 ids;
  private final Hashes hashes = new Hashes();
  private final RequestLimits limits;
  private final SenderAddress senders;
  private final SenderUrl urls;
  private final SourceRates rates;
  private final OpenBodies bodies;
  private final Refusals refusals;
  private final KeptHeaders keptHeaders = new KeptHeaders();
  private boolean leaving; // every answer asks its sender to go elsewhere
  private boolean stopping; // nothing new is taken

  /**
   * A request on its way through the stages.
   *
   * @param source null where its address names none
   * @param nanos {@link System#nanoTime()} of its arrival
   * @param trace of a genuine event; null while tracing is off
   */
  private record Arrival(
      HttpServerRequest request, @Nullable Source source, long nanos, @Nullable Trace trace) {
    Arrival in(Trace of) {
      return new Arrival(request, source, nanos, of);
    }
  }

  IngressHandler(
      Vertx vertx,
      IngressConfig config,
      int loops,
      SourceRegistry sources,
      Verifier verifier,
      Deduplicator deduplicator,
      EventJournal journal,
      RejectionLog rejections,
      IngressMetrics metrics,
      Traces traces,
      InstantSource clock) {
    this.config = config;
    this.sources = sources;
    this.verifier = verifier;
    this.deduplicator = deduplicator;
    this.journal = journal;
    this.metrics = metrics;
    this.traces = traces;
    this.clock = clock;
    this.ids = new UuidV7(clock);
    this.limits = new RequestLimits(config.bodyLimitBytes());
    this.rates = new SourceRates(loops);
    this.senders = new SenderAddress(config.trustedProxies());
    this.urls = new SenderUrl(senders);
    this.refusals = new Refusals(rejections, senders, ids);
    this.bodies = new OpenBodies(vertx, config.bodyDeadline());
  }

  /** Goes on as before, and closes each connection with the next answer on it. */
  void leave() {
    leaving = true;
  }

  /** Refuses what comes from now on; what has come is answered. */
  void stop() {
    stopping = true;
  }

  void handle(HttpServerRequest request) {
    Arrival arrival = new Arrival(request, source(request), System.nanoTime(), null);
    try {
      Outcome refused = refuse(request, arrival.source);
      if (refused != null) {
        answer(arrival, refused);
      } else {
        BodyReader.read(request, config.bodyLimitBytes(), bodies, body -> received(arrival, body));
      }
    } catch (RuntimeException e) {
      fail(arrival, e);
    }
  }

  private @Nullable Source source(HttpServerRequest request) {
    String path = request.path();
    return path != null && path.startsWith(PATH)
        ? sources.find(path.substring(PATH.length()))
        : null;
  }

  /** What can be said before the body is read; null where it must be read. */
  private @Nullable Outcome refuse(HttpServerRequest request, @Nullable Source source) {
    if (stopping) {
      return Outcomes.STOPPING;
    }
    if (request.path() == null || !request.path().startsWith(PATH)) {
      return Outcomes.NOT_FOUND;
    }
    Outcome fault = limits.fault(request);
    if (fault != null) {
      return fault;
    }
    if (source != null && !isAllowed(request, source)) {
      return Outcomes.FORBIDDEN;
    }
    if (source != null
        && !verifier.acceptsContentType(source, request.getHeader(HttpHeaders.CONTENT_TYPE))) {
      return Outcomes.UNSUPPORTED_TYPE;
    }
    return journal.isFull() || bodies.isFull() ? Outcomes.OVERLOADED : null;
  }

  private boolean isAllowed(HttpServerRequest request, Source source) {
    if (source.allowedNetworks().isEmpty()) {
      return true;
    }
    InetAddress sender = senders.of(request);
    return sender != null
        && source.allowedNetworks().stream()
            .anyMatch((Network network) -> network.contains(sender));
  }

  private void received(Arrival arrival, BodyReader.Body body) {
    try {
      switch (body) {
        case BodyReader.Body.Complete(byte[] bytes) -> verify(arrival, bytes);
        case BodyReader.Body.TooLarge _ ->
            answer(arrival, Outcomes.tooLarge(config.bodyLimitBytes()));
        case BodyReader.Body.TooSlow _ -> answer(arrival, Outcomes.BODY_TIMEOUT);
        case BodyReader.Body.NoRoom _ -> answer(arrival, Outcomes.OVERLOADED);
        case BodyReader.Body.Broken(String detail) ->
            answer(arrival, Outcomes.unsafe("The body is broken: " + detail));
      }
    } catch (RuntimeException e) {
      fail(arrival, e);
    }
  }

  private void verify(Arrival arrival, byte[] body) {
    HttpServerRequest request = arrival.request;
    Source source = arrival.source;
    var signed = new SignedRequest(request.headers()::getAll, body, () -> urls.of(request));
    Verification verification =
        source == null
            ? verifier.verifyUnknown(signed) // the same work and the same answers
            : verifier.verify(source, signed, clock.instant());
    switch (verification) {
      case Verification.Malformed(String detail) ->
          answer(arrival, Outcomes.malformed(detail), new Known(body, null, null));
      case Verification.Refused(String reason) ->
          answer(arrival, Outcomes.UNAUTHENTICATED, new Known(body, null, reason));
      case Verification.Challenge(String json) -> answer(arrival, Outcomes.challenged(json));
      case Verification.Genuine genuine -> {
        if (source == null) {
          answer(arrival, Outcomes.UNAUTHENTICATED);
        } else if (rates.admits(source, System.nanoTime())) {
          take(arrival, source, genuine, body);
        } else {
          answer(arrival, Outcomes.LIMITED, new Known(body, genuine.key(), null));
        }
      }
    }
  }

  private void take(Arrival arrival, Source source, Verification.Genuine genuine, byte[] body) {
    EventId id = new EventId(ids.next());
    HttpServerRequest request = arrival.request;
    Trace trace =
        traces == Traces.OFF
            ? null
            : traces.accepting(
                request.getHeader("traceparent"),
                request.getHeader("tracestate"),
                id,
                source,
                arrival.nanos);
    Event event = event(id, request, source, genuine, body, trace);
    admit(trace == null ? arrival : arrival.in(trace), event);
  }

  private Event event(
      EventId id,
      HttpServerRequest request,
      Source source,
      Verification.Genuine genuine,
      byte[] body,
      @Nullable Trace trace) {
    String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return new Event(
        id,
        source.organization(),
        source.id(),
        genuine.key(),
        hashes.ofKey(source.id().value(), genuine.key()),
        hashes.ofBody(genuine.lasting() == null ? body : genuine.lasting()),
        genuine.type(),
        genuine.payloadId(),
        contentType == null || !KeptHeaders.isPlain(contentType) ? UNKNOWN_TYPE : contentType,
        keptHeaders.of(request.headers(), trace),
        body);
  }

  /** Redis remembers, Postgres decides. */
  private void admit(Arrival arrival, Event event) {
    deduplicator.find(event.keyHash(), memory -> remembered(arrival, event, memory));
  }

  private void remembered(Arrival arrival, Event event, Memory memory) {
    try {
      switch (memory) {
        case Memory.Known(EventId first, var bodyHash) ->
            answer(arrival, repeated(first, bodyHash.equals(event.bodyHash())), event, first);
        case Memory.Unknown _ ->
            journal.append(
                event, fate -> answer(arrival, outcome(event, fate), event, idOf(event, fate)));
      }
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("event", event.id())
          .addKeyValue("trace", TraceParent.of(event).traceId())
          .setCause(e)
          .log("An accepted event, or one on its way, met a fault");
      answer(arrival, Outcomes.UNAVAILABLE, event, event.id());
    }
  }

  private Outcome outcome(Event event, Appended fate) {
    return switch (fate) {
      case Appended.Accepted _ -> {
        deduplicator.remember(event);
        yield Outcomes.accepted(event.id());
      }
      case Appended.Known(EventId first, boolean sameBody) -> repeated(first, sameBody);
      case Appended.Overloaded _ -> Outcomes.OVERLOADED;
      case Appended.Unavailable _ -> Outcomes.UNAVAILABLE;
    };
  }

  private static EventId idOf(Event event, Appended fate) {
    return fate instanceof Appended.Known(EventId first, boolean _) ? first : event.id();
  }

  private static Outcome repeated(EventId first, boolean sameBody) {
    return sameBody ? Outcomes.duplicate(first) : Outcomes.conflict(first);
  }

  /** A fault of ours: every expected one is a value. */
  private void fail(Arrival arrival, RuntimeException fault) {
    LOG.error("A request failed", fault);
    answer(arrival, Outcomes.UNAVAILABLE);
  }

  private void answer(Arrival arrival, Outcome outcome) {
    answer(arrival, outcome, Refusals.NOTHING);
  }

  /**
   * @param id under which the sender finds the event
   */
  private void answer(Arrival arrival, Outcome outcome, Event event, EventId id) {
    Trace trace = arrival.trace;
    Known known =
        outcome.isRejection() ? new Known(event.body(), event.key(), null) : Refusals.NOTHING;
    if (trace == null) {
      answer(arrival, outcome, known);
    } else {
      trace.during(() -> answer(arrival, outcome, known));
      trace.answered(outcome.kind().name().toLowerCase(Locale.ROOT), outcome.status(), id);
    }
  }

  private void answer(Arrival arrival, Outcome outcome, Known known) {
    if (outcome.isRejection()) {
      refusals.note(arrival.request, arrival.source, outcome, known);
    }
    metrics.answered(arrival.source, outcome.kind(), System.nanoTime() - arrival.nanos);
    Answer.send(arrival.request, outcome, leaving);
  }
}
