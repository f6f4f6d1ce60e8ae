package dev.usher.ingress;

import dev.usher.config.IngressConfig;
import dev.usher.config.Tls;
import dev.usher.dedupe.Deduplicator;
import dev.usher.door.Certificate;
import dev.usher.door.LingeringClose;
import dev.usher.door.Opening;
import dev.usher.journal.EventJournal;
import dev.usher.journal.RejectionLog;
import dev.usher.registry.SourceRegistry;
import dev.usher.trace.Traces;
import dev.usher.verify.Verifier;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.tracing.TracingPolicy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public door of one event loop. The loops of a node listen on the same port, and connections
 * are spread over them.
 */
public final class IngressServer {
  private static final Logger LOG = LoggerFactory.getLogger(IngressServer.class);

  /** Senders keep connections; one that says nothing for this long is closed. */
  private static final int IDLE_SECONDS = 75;

  /**
   * How long senders get to turn elsewhere; those that keep still idle connections are then cut
   * off.
   */
  private static final long LONGEST_LEAVE_MILLIS = 2_000;

  private static final long LEAVE_LOOK_MILLIS = 20;
  private static final long SILENT_LOOK_MILLIS = 1_000;

  private final Vertx vertx;
  private final IngressConfig config;
  private final IngressHandler handler;
  private final IngressMetrics metrics;
  private final HttpServerOptions options;
  private final HttpServer server;
  private final Map<HttpConnection, Long> silent = new LinkedHashMap<>(); // no request on them yet
  private int connections;

  /**
   * @param loops event loops of this node, which share what a limit of the whole node allows
   */
  public IngressServer(
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
    this.vertx = vertx;
    this.config = config;
    this.metrics = metrics;
    this.handler =
        new IngressHandler(
            vertx,
            config,
            loops,
            sources,
            verifier,
            deduplicator,
            journal,
            rejections,
            metrics,
            traces,
            clock);
    this.options = options(config);
    this.server =
        vertx
            .createHttpServer(options)
            .connectionHandler(this::connected)
            .invalidRequestHandler(this::refuseInvalid)
            .requestHandler(this::handle);
    vertx.setPeriodic(SILENT_LOOK_MILLIS, _ -> closeSilent());
  }

  private static HttpServerOptions options(IngressConfig config) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.listener().host())
            // A negative port is any free one, the same for all loops of a node.
            .setPort(config.listener().port() == 0 ? -1 : config.listener().port())
            // A span that Vert.x began would be for whoever asks; ours is for a genuine event.
            .setTracingPolicy(TracingPolicy.IGNORE)
            .setMaxHeaderSize(config.headerLimitBytes())
            .setMaxInitialLineLength(config.headerLimitBytes())
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setTcpNoDelay(true)
            .setAcceptBacklog(4_096)
            .setHandle100ContinueAutomatically(true)
            .setHttp2ClearTextEnabled(false)
            // There are no web sockets here: their handlers would look at each answer.
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setDecompressionSupported(false)
            .setCompressionSupported(false);
    Tls tls = config.listener().tls();
    if (tls != null) {
      // HTTP/1.1 only: a refusal closes its connection, which would cut HTTP/2's other streams.
      Certificate.show(options, tls, List.of(HttpVersion.HTTP_1_1));
    }
    return options;
  }

  /** Begins to listen; gives the port. */
  public Future<Integer> listen() {
    return Opening.of("ingress", config.listener(), server.listen()).map(HttpServer::actualPort);
  }

  /**
   * Reads the certificate again when its files change. For one of the loops that listen on the
   * port: they share it.
   */
  public void renewCertificate() {
    Tls tls = config.listener().tls();
    if (tls != null) {
      Certificate.renew(vertx, server, options, tls);
    }
  }

  private void connected(HttpConnection connection) {
    connections++;
    silent.put(connection, System.nanoTime());
    // Vert.x would write an error for each: what strangers do wrong, or leave, must not fill a log.
    connection.exceptionHandler(failure -> LOG.debug("A sender's connection failed", failure));
    connection.closeHandler(
        _ -> {
          connections--;
          silent.remove(connection);
        });
    if (connections > config.connections()) {
      connection.close();
    }
  }

  private void handle(HttpServerRequest request) {
    silent.remove(request.connection());
    handler.handle(request);
  }

  /**
   * A head that drips keeps the idle time-out away: a connection gets the time of a body for its
   * first.
   */
  private void closeSilent() {
    long now = System.nanoTime();
    List<HttpConnection> late = new ArrayList<>();
    for (Map.Entry<HttpConnection, Long> entry : silent.entrySet()) {
      if (now - entry.getValue() < config.bodyDeadline().toNanos()) {
        break; // in the order of their opening
      }
      late.add(entry.getKey());
    }
    late.forEach(HttpConnection::close);
  }

  /** A request that could not be parsed: answered, and its connection closed. */
  private void refuseInvalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    boolean tooLong =
        cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException;
    Outcome outcome =
        tooLong
            ? Outcomes.headersTooLarge(config.headerLimitBytes())
            : Outcomes.unsafe("The request is not well-formed HTTP.");
    metrics.answered(null, outcome.kind(), 0);
    LingeringClose.after(request);
    request
        .response()
        .setStatusCode(outcome.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, outcome.contentType())
        .putHeader(HttpHeaders.CONNECTION, "close")
        .end(outcome.body())
        .onComplete(_ -> request.connection().close());
  }

  /**
   * Leaves without cutting a request. First each answer closes its connection, so that senders
   * which keep connections turn elsewhere by themselves: a connection closed under a sender that
   * has just written to it would look like a request cut. Then nothing more is taken, and what is
   * under way is answered.
   *
   * @return completed when every request is answered, or the time is over
   */
  public Future<Void> drain(Duration within) {
    long begun = System.nanoTime();
    long leaveMillis = Math.min(LONGEST_LEAVE_MILLIS, within.toMillis() / 2);
    handler.leave();
    Promise<Void> left = Promise.promise();
    vertx.setPeriodic(
        LEAVE_LOOK_MILLIS,
        timer -> {
          long passedMillis = (System.nanoTime() - begun) / 1_000_000;
          if (connections == 0 || passedMillis >= leaveMillis) {
            vertx.cancelTimer(timer);
            left.complete();
          }
        });
    return left.future()
        .compose(
            _ -> {
              handler.stop();
              long restMillis = within.toMillis() - (System.nanoTime() - begun) / 1_000_000;
              return server.shutdown(Math.max(1, restMillis), TimeUnit.MILLISECONDS);
            });
  }
}
