package dev.usher.control;

import dev.usher.config.Listener;
import dev.usher.config.Tls;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The control port: the management API. */
public final class ControlServer {
  private static final int IDLE_SECONDS = 60;

  /** Method, path and query: every filter of a list at its longest has room. */
  private static final int LINE_BYTES = 4 * 1024;

  private static final int HEADER_BYTES = 8 * 1024;

  private final Listener listener;
  private final HttpServer server;

  public ControlServer(Vertx vertx, Listener listener, Handler<HttpServerRequest> handler) {
    this.listener = listener;
    server =
        vertx
            .createHttpServer(options(listener))
            .invalidRequestHandler(ControlServer::refuse)
            .requestHandler(handler);
  }

  private static HttpServerOptions options(Listener listener) {
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
      options
          .setSsl(true)
          .setUseAlpn(true)
          .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .setCertPath(tls.certificate().toString())
                  .setKeyPath(tls.key().toString()));
    }
    return options;
  }

  /** Shows this certificate on connections that are opened from now on; only while it listens. */
  public Future<Void> use(PemKeyCertOptions certificate) {
    return server
        .updateSSLOptions(options(listener).getSslOptions().setKeyCertOptions(certificate))
        .mapEmpty();
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
    HttpServerResponse response = request.response();
    response.putHeader("x-content-type-options", "nosniff").putHeader("connection", "close");
    response.endHandler(ended -> request.connection().close());
    AnswerWriter.send(response, problem);
  }

  /** Begins to listen; gives the port. */
  public Future<Integer> listen() {
    return server.listen().map(HttpServer::actualPort);
  }

  /** Takes no more calls and answers those under way, or stops when the time is over. */
  public Future<Void> drain(Duration within) {
    return server.shutdown(within.toMillis(), TimeUnit.MILLISECONDS);
  }
}
