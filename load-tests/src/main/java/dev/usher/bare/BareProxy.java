package dev.usher.bare;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Subject (c): passes method, path, headers and body on to the receiver and its answer back, and
 * keeps nothing. The least that taking an event and handing it on can cost on Vert.x.
 */
public final class BareProxy extends VerticleBase {
  // More than wrk's connections, so that no request waits for one; they are kept alive.
  private static final int POOLED_CONNECTIONS = 2_048;

  private final HttpServerOptions options;
  private final int receiverPort;
  private final AtomicInteger port;

  private BareProxy(HttpServerOptions options, int receiverPort, AtomicInteger port) {
    this.options = options;
    this.receiverPort = receiverPort;
    this.port = port;
  }

  /**
   * Arguments: the number of event loops, the receiver's port; for TLS, the files of certificate
   * and key.
   */
  public static void main(String[] args) throws Exception {
    int eventLoops = Integer.parseInt(args[0]);
    int receiverPort = Integer.parseInt(args[1]);
    AtomicInteger port = new AtomicInteger();
    BareVertx.deploy(
        BareVertx.start(eventLoops),
        eventLoops,
        () -> new BareProxy(BareVertx.serverOptions(args, 2), receiverPort, port));
    BareVertx.serveUntilOrphaned(port.get());
  }

  @Override
  public Future<?> start() {
    // A client of its own for each instance: its connections stay on the instance's event loop.
    HttpClient client =
        vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(POOLED_CONNECTIONS));
    return vertx
        .createHttpServer(options)
        .requestHandler(request -> pass(client, request))
        .listen(BareVertx.SHARED_FREE_PORT)
        .map(HttpServer::actualPort)
        .onSuccess(port::set);
  }

  private void pass(HttpClient client, HttpServerRequest request) {
    request
        .body()
        .compose(
            body ->
                client
                    .request(request.method(), receiverPort, "127.0.0.1", request.uri())
                    .compose(onward -> send(onward, request.headers(), body)))
        .compose(answer -> answer.body().compose(body -> answer(request, answer, body)))
        .onFailure(broken -> request.response().setStatusCode(502).end());
  }

  private static Future<HttpClientResponse> send(
      HttpClientRequest onward, MultiMap headers, Buffer body) {
    onward.headers().setAll(headers).remove(HttpHeaders.HOST).remove(HttpHeaders.CONNECTION);
    return onward.send(body);
  }

  private static Future<Void> answer(
      HttpServerRequest request, HttpClientResponse answer, Buffer body) {
    request.response().setStatusCode(answer.statusCode());
    request.response().headers().setAll(answer.headers()).remove(HttpHeaders.CONNECTION);
    return request.response().end(body);
  }
}
