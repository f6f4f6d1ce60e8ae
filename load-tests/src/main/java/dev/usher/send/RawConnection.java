package dev.usher.send;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 connection on which one ready-made request is under way at a time. It understands
 * just what Usher and the bare servers answer: a status line, a {@code Content-Length}, a body.
 *
 * <p>Lives on one event loop and is not thread-safe.
 */
public final class RawConnection {
  private static final String HEAD_END = "\r\n\r\n";
  private static final String LENGTH = "content-length:";
  private static final String CLOSES = "connection: close";
  private static final int STATUS_AT = "HTTP/1.1 ".length();

  private final NetSocket socket;
  private Buffer received = Buffer.buffer();
  private @Nullable Consumer<Answer> waiting;
  private boolean open = true;

  private RawConnection(NetSocket socket) {
    this.socket = socket;
    socket.handler(this::receive);
    socket.exceptionHandler(broken -> socket.close());
    socket.closeHandler(_ -> closed());
  }

  /** Opens a connection to the host and the port of an address. */
  public static Future<RawConnection> open(NetClient client, URI address) {
    int port = address.getPort() < 0 ? 80 : address.getPort();
    return client.connect(port, address.getHost()).map(RawConnection::new);
  }

  /** Whether a request can be sent on it. */
  public boolean isOpen() {
    return open;
  }

  /** Sends a request; its answer, or that there is none, is told once. */
  public void send(Buffer request, Consumer<Answer> told) {
    waiting = told;
    if (open) {
      socket.write(request);
    } else {
      tell(Answer.NONE);
    }
  }

  private void receive(Buffer chunk) {
    received = received.length() == 0 ? chunk : received.appendBuffer(chunk);
    String text = received.toString(StandardCharsets.ISO_8859_1);
    int headEnd = text.indexOf(HEAD_END);
    if (headEnd < 0) {
      return;
    }
    String head = text.substring(0, headEnd).toLowerCase(Locale.ROOT);
    int bodyAt = headEnd + HEAD_END.length();
    int length = contentLength(head);
    if (text.length() < bodyAt + length) {
      return;
    }
    received = Buffer.buffer();
    if (head.contains(CLOSES)) {
      open = false;
    }
    int status = Integer.parseInt(head, STATUS_AT, STATUS_AT + 3, 10);
    tell(new Answer(status, text.substring(bodyAt, bodyAt + length)));
  }

  private static int contentLength(String head) {
    int at = head.indexOf(LENGTH);
    if (at < 0) {
      return 0;
    }
    int end = head.indexOf('\r', at);
    return Integer.parseInt(
        head.substring(at + LENGTH.length(), end < 0 ? head.length() : end).strip());
  }

  private void closed() {
    open = false;
    tell(Answer.NONE);
  }

  private void tell(Answer answer) {
    Consumer<Answer> told = waiting;
    waiting = null;
    if (told != null) {
      told.accept(answer);
    }
  }

  public void close() {
    socket.close();
  }
}
