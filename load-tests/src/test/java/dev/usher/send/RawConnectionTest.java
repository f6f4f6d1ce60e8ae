package dev.usher.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RawConnectionTest {
  private static final Buffer REQUEST =
      Buffer.buffer("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}");

  private final Vertx vertx = Vertx.vertx();
  private URI server = URI.create("http://127.0.0.1:0");

  @BeforeEach
  void serve() {
    HttpServer http =
        vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            _ -> {
                              request.response().setStatusCode(503).setChunked(false);
                              request.response().end("{\"status\":\"overloaded\"}");
                            }))
            .listen(0, "127.0.0.1")
            .await();
    server = URI.create("http://127.0.0.1:" + http.actualPort());
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void oneAfterTheOtherEachRequestGetsItsAnswer() throws Exception {
    CompletableFuture<Answer> second = new CompletableFuture<>();
    RawConnection.open(vertx.createNetClient(), server)
        .onSuccess(
            connection ->
                connection.send(REQUEST, _ -> connection.send(REQUEST, second::complete)));

    assertThat(second.get(30, TimeUnit.SECONDS))
        .isEqualTo(new Answer(503, "{\"status\":\"overloaded\"}"));
  }

  @Test
  void aConnectionThatBreaksTellsThatThereIsNoAnswer() throws Exception {
    CompletableFuture<Answer> told = new CompletableFuture<>();
    RawConnection.open(vertx.createNetClient(), server)
        .onSuccess(
            connection -> {
              connection.send(REQUEST, told::complete);
              connection.close();
            });

    assertThat(told.get(30, TimeUnit.SECONDS)).isEqualTo(Answer.NONE);
  }
}
