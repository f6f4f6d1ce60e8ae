package dev.usher.control;

import dev.usher.config.Listener;
import dev.usher.config.Tls;
import dev.usher.door.Certificate;
import dev.usher.door.LingeringClose;
import dev.usher.door.Opening;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control port: the management API. */
public final class ControlServer {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

  private static final int IDLE_SECONDS = 60;

  /** Method, path and query: every filter of a list at its longest has room. */
  private static final int LINE_BYTES = 4 * 1024;

  private static final int HEADER_BYTES = 8 * 1024;

  private final Vertx vertx;
  private final Listener listener;
  private final HttpServerOptions options;
  private final HttpServer server;

  public ControlServer(Vertx vertx, Listener listener, Handler<HttpServerRequest> handler) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(listener.host())
            .setPort(listener.port())
            .setMaxInitialLineLength(LINE_BYTES)
            .setMaxHeaderSize(HEADER_BYTES)
            .setHttp2ClearTextEnabled(false)
            .setDecompressionSupported(false)
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    Tls tls = listener.tls();
    if (tls != null) {
      Certificate.show(options, tls, List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1));
    }
    this.vertx = vertx;
    this.listener = listener;
    this.options = options;
    server =
        vertx
            .createHttpServer(options)
            .connectionHandler(ControlServer::connected)
            .invalidRequestHandler(ControlServer::refuse)
            .requestHandler(handler);
  }

  /** Vert.x would write an error for each: what clients do wrong, or leave, must not fill a log. */
  private static void connected(HttpConnection connection) {
    connection.exceptionHandler(failure -> LOG.debug("A client's connection failed", failure));
  }

  /** Answers what is no HTTP, or too much of it, and ends the connection. */
  static void refuse(HttpServerRequest request) {
    Problem problem =
        switch (request.decoderResult().cause()) {
          case TooLongHttpLineException _ ->
              new Problem(Problem.Kind.URI_TOO_LONG, "The limit is " + LINE_BYTES + " bytes");
          case TooLongHttpHeaderException _ ->
              new Problem(
                  Problem.Kind.HEADERS_TOO_LARGE, "The limit is " + HEADER_BYTES + " bytes");
          case null, default ->
              new Problem(Problem.Kind.INVALID_REQUEST, "This is not HTTP as it should be");
        };
    LingeringClose.after(request);
    HttpServerResponse response = request.response();
    response.putHeader("x-content-type-options", "nosniff").putHeader("connection", "close");
    response.endHandler(ended -> request.connection().close());
    AnswerWriter.send(response, problem);
  }

  /** Begins to listen; gives the port. */
  public Future<Integer> listen() {
    return Opening.of("control", listener, server.listen())
        .map(
            listening -> {
              Tls tls = listener.tls();
              if (tls != null) {
                Certificate.renew(vertx, listening, options, tls);
              }
              return listening.actualPort();
            });
  }

  /** Takes no more calls and answers those under way, or stops when the time is over. */
  public Future<Void> drain(Duration within) {
    return server.shutdown(within.toMillis(), TimeUnit.MILLISECONDS);
  }
}
