package dev.usher.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An organizer's system behind TLS: keeps the HTTP version of each request it receives. */
public final class TlsReceiver implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<HttpVersion> received = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final HttpServer server;

  /**
   * Starts one.
   *
   * @param versions what it offers
   * @param clients the certificate that clients must show; null for none
   */
  public TlsReceiver(
      TestCertificate own, List<HttpVersion> versions, @Nullable TestCertificate clients) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setAlpnVersions(versions)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(own.certificate()))
                    .addKeyValue(Buffer.buffer(own.key())));
    if (clients != null) {
      options
          .setClientAuth(ClientAuth.REQUIRED)
          .setTrustOptions(
              new PemTrustOptions().addCertValue(Buffer.buffer(clients.certificate())));
    }
    server =
        vertx
            .createHttpServer(options)
            .connectionHandler(_ -> connections.incrementAndGet())
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            _ -> {
                              received.add(request.version());
                              request.response().end();
                            }))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  public int port() {
    return server.actualPort();
  }

  /** The HTTP version of each request. */
  public List<HttpVersion> received() {
    return List.copyOf(received);
  }

  /** How many connections were made. */
  public int connections() {
    return connections.get();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
