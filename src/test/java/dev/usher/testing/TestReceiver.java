package dev.usher.testing;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An organizer's system: keeps what it receives, and answers as a test wants it to. */
public final class TestReceiver implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile Handler<HttpServerRequest> answer = request -> request.response().end();

  /** A request as it arrived. */
  public record Received(MultiMap headers, Buffer body) {
    public String webhookId() {
      return String.valueOf(headers.get("webhook-id"));
    }
  }

  public TestReceiver() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              received.add(new Received(request.headers(), body));
                              answer.handle(request);
                            }))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/hooks";
  }

  /** Answers so from now on. Runs on the receiver's event loop, after the body was read. */
  public void answers(Handler<HttpServerRequest> handler) {
    this.answer = handler;
  }

  /** Answers with this status from now on. */
  public void answers(int status) {
    answers(request -> request.response().setStatusCode(status).end());
  }

  public List<Received> received() {
    return List.copyOf(received);
  }

  /** Waits until so many requests have arrived; gives them all. */
  public List<Received> awaitReceived(int requests) {
    await().atMost(Duration.ofSeconds(30)).until(() -> received.size() >= requests);
    return received();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
