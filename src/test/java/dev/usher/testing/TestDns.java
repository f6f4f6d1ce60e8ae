package dev.usher.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A name server that says what a test wants: the IPv4 addresses of its script, one after the other
 * and the last for ever; no IPv6 address; or nothing at all.
 */
public final class TestDns implements AutoCloseable {
  private static final int TYPE_A = 1;
  private static final int HEADER_BYTES = 12;

  private final Vertx vertx = Vertx.vertx();
  private final List<String> questions = new CopyOnWriteArrayList<>();
  private final DatagramSocket socket;
  private final @Nullable List<String> script;
  private int answered;

  private TestDns(@Nullable List<String> script) {
    this.script = script;
    this.socket = vertx.createDatagramSocket();
    socket.handler(this::answer);
    socket.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  /** One that answers each question for an IPv4 address with the next of these. */
  public static TestDns answering(String... addresses) {
    return new TestDns(List.of(addresses));
  }

  /** One that never answers. */
  public static TestDns silent() {
    return new TestDns(null);
  }

  public int port() {
    return socket.localAddress().port();
  }

  /** The types of the questions that came, by their numbers. */
  public List<String> questions() {
    return List.copyOf(questions);
  }

  private void answer(DatagramPacket packet) {
    Buffer query = packet.data();
    int end = HEADER_BYTES;
    while (query.getByte(end) != 0) {
      end += query.getByte(end) + 1;
    }
    int type = query.getUnsignedShort(end + 1);
    questions.add(Integer.toString(type));
    if (script == null) {
      return;
    }
    Buffer response =
        Buffer.buffer()
            .appendUnsignedShort(query.getUnsignedShort(0))
            .appendUnsignedShort(0x8180) // an answer, without error
            .appendUnsignedShort(1)
            .appendUnsignedShort(type == TYPE_A ? 1 : 0)
            .appendInt(0)
            .appendBuffer(query.slice(HEADER_BYTES, end + 5));
    if (type == TYPE_A) {
      String address = script.get(Math.min(answered++, script.size() - 1));
      response
          .appendUnsignedShort(0xC00C) // the name in the question
          .appendUnsignedShort(TYPE_A)
          .appendUnsignedShort(1)
          .appendInt(0)
          .appendUnsignedShort(4)
          .appendBytes(InetAddress.ofLiteral(address).getAddress());
    }
    socket.send(response, packet.sender().port(), packet.sender().host());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
