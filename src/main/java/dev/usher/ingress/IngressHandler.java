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
import dev.usher.journal.Appended;
import dev.usher.journal.EventJournal;
import dev.usher.registry.SourceRegistry;
import dev.usher.verify.SignedRequest;
import dev.usher.verify.Verification;
import dev.usher.verify.Verifier;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetAddress;
import java.time.InstantSource;
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
  private final InstantSource clock;
  private final UuidV7 ids;
  private final Hashes hashes = new Hashes();
  private final RequestLimits limits;
  private final SenderAddress senders;
  private final SenderUrl urls;
  private final SourceRates rates;
  private final OpenBodies bodies;
  private boolean leaving; // every answer asks its sender to go elsewhere
  private boolean stopping; // nothing new is taken

  IngressHandler(
      Vertx vertx,
      IngressConfig config,
      int loops,
      SourceRegistry sources,
      Verifier verifier,
      Deduplicator deduplicator,
      EventJournal journal,
      IngressMetrics metrics,
      InstantSource clock) {
    this.config = config;
    this.sources = sources;
    this.verifier = verifier;
    this.deduplicator = deduplicator;
    this.journal = journal;
    this.metrics = metrics;
    this.clock = clock;
    this.ids = new UuidV7(clock);
    this.limits = new RequestLimits(config.bodyLimitBytes());
    this.rates = new SourceRates(loops);
    this.senders = new SenderAddress(config.trustedProxies());
    this.urls = new SenderUrl(senders);
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
    long arrived = System.nanoTime();
    Source source = source(request);
    decide(request, source)
        .onComplete(
            outcome -> answer(request, source, outcome, arrived),
            failure -> {
              LOG.error(
                  "A request failed", failure); // a fault of ours: every expected one is a value
              answer(request, source, Outcomes.UNAVAILABLE, arrived);
            });
  }

  private @Nullable Source source(HttpServerRequest request) {
    String path = request.path();
    return path != null && path.startsWith(PATH)
        ? sources.find(path.substring(PATH.length()))
        : null;
  }

  private Future<Outcome> decide(HttpServerRequest request, @Nullable Source source) {
    Outcome refused = refuse(request, source);
    if (refused != null) {
      return Future.succeededFuture(refused);
    }
    return BodyReader.read(request, config.bodyLimitBytes(), bodies)
        .compose(
            body ->
                switch (body) {
                  case BodyReader.Body.Complete(byte[] bytes) -> verify(request, source, bytes);
                  case BodyReader.Body.TooLarge _ ->
                      now(Outcomes.tooLarge(config.bodyLimitBytes()));
                  case BodyReader.Body.TooSlow _ -> now(Outcomes.BODY_TIMEOUT);
                  case BodyReader.Body.NoRoom _ -> now(Outcomes.OVERLOADED);
                  case BodyReader.Body.Broken(String detail) ->
                      now(Outcomes.unsafe("The body is broken: " + detail));
                });
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

  private Future<Outcome> verify(HttpServerRequest request, @Nullable Source source, byte[] body) {
    var signed = new SignedRequest(request.headers()::getAll, body, () -> urls.of(request));
    if (source == null) {
      // The same work and the same answers as for a source that exists.
      return switch (verifier.verifyUnknown(signed)) {
        case Verification.Malformed(String detail) -> now(Outcomes.malformed(detail));
        case Verification.Refused _, Verification.Genuine _, Verification.Challenge _ ->
            now(Outcomes.UNAUTHENTICATED);
      };
    }
    return switch (verifier.verify(source, signed, clock.instant())) {
      case Verification.Malformed(String detail) -> now(Outcomes.malformed(detail));
      case Verification.Refused _ -> now(Outcomes.UNAUTHENTICATED);
      case Verification.Challenge(String answer) -> now(Outcomes.challenged(answer));
      case Verification.Genuine genuine ->
          rates.admits(source, System.nanoTime())
              ? admit(event(request, source, genuine, body))
              : now(Outcomes.LIMITED);
    };
  }

  private Event event(
      HttpServerRequest request, Source source, Verification.Genuine genuine, byte[] body) {
    String contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return new Event(
        new EventId(ids.next()),
        source.organization(),
        source.id(),
        genuine.key(),
        hashes.ofKey(source.id().value(), genuine.key()),
        hashes.ofBody(genuine.lasting() == null ? body : genuine.lasting()),
        genuine.type(),
        genuine.payloadId(),
        contentType == null || !KeptHeaders.isPlain(contentType) ? UNKNOWN_TYPE : contentType,
        KeptHeaders.of(request.headers()),
        body);
  }

  /** Redis remembers, Postgres decides. */
  private Future<Outcome> admit(Event event) {
    return deduplicator
        .find(event.keyHash())
        .compose(
            memory ->
                switch (memory) {
                  case Memory.Known(EventId first, var bodyHash) ->
                      now(repeated(first, bodyHash.equals(event.bodyHash())));
                  case Memory.Unknown _ -> journal.append(event).map(fate -> outcome(event, fate));
                });
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

  private static Outcome repeated(EventId first, boolean sameBody) {
    return sameBody ? Outcomes.duplicate(first) : Outcomes.conflict(first);
  }

  private static Future<Outcome> now(Outcome outcome) {
    return Future.succeededFuture(outcome);
  }

  private void answer(
      HttpServerRequest request, @Nullable Source source, Outcome outcome, long arrivedNanos) {
    metrics.answered(
        source == null ? IngressMetrics.NO_SCHEME : source.scheme(),
        outcome.kind(),
        System.nanoTime() - arrivedNanos);
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return; // the sender went away; it will send the event again and find it as a duplicate
    }
    response.setStatusCode(outcome.status());
    response.putHeader(HttpHeaders.CONTENT_TYPE, outcome.contentType());
    if (outcome.retryAfterSeconds() != null) {
      response.putHeader(HttpHeaders.RETRY_AFTER, outcome.retryAfterSeconds());
    }
    if (outcome.status() == 405) {
      response.putHeader(HttpHeaders.ALLOW, "POST");
    }
    boolean closes = leaving || outcome.closes() || !request.isEnded();
    if (closes) {
      // What is left of the body is not read, so nothing after it on this connection can be either.
      response.putHeader(HttpHeaders.CONNECTION, "close");
    }
    response.end(outcome.body()).onComplete(_ -> closeIf(closes, request));
  }

  private static void closeIf(boolean closes, HttpServerRequest request) {
    if (closes) {
      request.connection().close();
    }
  }
}
