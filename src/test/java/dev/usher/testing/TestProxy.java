package dev.usher.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy that connects everybody to one port of this machine, wherever they ask for. */
public final class TestProxy implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final NetServer server;
  private volatile String answer = "200 Connection established";

  public TestProxy(int port) {
    server =
        vertx
            .createNetServer()
            .connectHandler(client -> client.handler(head -> connect(client, head, port)))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  private void connect(NetSocket client, Buffer head, int port) {
    asked.add(head.toString(StandardCharsets.US_ASCII));
    client.pause();
    Buffer line = Buffer.buffer("HTTP/1.1 " + answer + "\r\n\r\n");
    if (!answer.startsWith("200")) {
      client.end(line);
      return;
    }
    vertx
        .createNetClient()
        .connect(port, "127.0.0.1")
        .onSuccess(
            target -> {
              target.handler(client::write).closeHandler(_ -> client.close());
              client.handler(target::write).closeHandler(_ -> target.close());
              client.write(line);
              client.resume();
            });
  }

  /** Answers so from now on, for example {@code 403 Forbidden}. */
  public void answers(String status) {
    answer = status;
  }

  /** The heads of the requests that were made. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  public int port() {
    return server.actualPort();
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
