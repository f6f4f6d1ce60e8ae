package dev.usher.bare;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Subject (a): reads the body, keeps nothing, answers as Usher does. The least that accepting an
 * event over HTTP can cost on Vert.x.
 */
public final class BareServer extends VerticleBase {
  private static final Buffer ANSWER =
      Buffer.buffer("{\"id\":\"evt_01kaveryfirstsampleevent0001\",\"status\":\"accepted\"}");
  private static final String LENGTH = Integer.toString(ANSWER.length());

  private final HttpServerOptions options;
  private final AtomicInteger port;

  private BareServer(HttpServerOptions options, AtomicInteger port) {
    this.options = options;
    this.port = port;
  }

  /** Arguments: the number of event loops; for TLS, the files of certificate and key. */
  public static void main(String[] args) throws Exception {
    int eventLoops = Integer.parseInt(args[0]);
    AtomicInteger port = new AtomicInteger();
    BareVertx.deploy(
        BareVertx.start(eventLoops),
        eventLoops,
        () -> new BareServer(BareVertx.serverOptions(args, 1), port));
    BareVertx.serveUntilOrphaned(port.get());
  }

  @Override
  public Future<?> start() {
    return vertx
        .createHttpServer(options)
        .requestHandler(BareServer::answer)
        .listen(BareVertx.SHARED_FREE_PORT)
        .map(HttpServer::actualPort)
        .onSuccess(port::set);
  }

  private static void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body ->
                request
                    .response()
                    .setStatusCode(202)
                    .putHeader("content-type", "application/json")
                    .putHeader("content-length", LENGTH)
                    .end(ANSWER))
        .onFailure(broken -> request.connection().close());
  }
}
