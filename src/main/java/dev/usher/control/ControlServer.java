package dev.usher.control;

import dev.usher.config.Listener;
import dev.usher.config.Tls;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The control port: the management API. */
public final class ControlServer {
  private static final int IDLE_SECONDS = 60;

  private final HttpServer server;

  public ControlServer(Vertx vertx, Listener listener, Handler<HttpServerRequest> handler) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(listener.host())
            .setPort(listener.port())
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
    server = vertx.createHttpServer(options).requestHandler(handler);
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
