package dev.usher.testing;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A name server that says what a test wants: the IPv4 addresses of its script, one after the other
 * and the last for ever; no IPv6 address; an answer to each question; or nothing at all.
 */
public final class TestDns implements AutoCloseable {
  public static final int TYPE_A = 1;
  public static final int TYPE_CNAME = 5;
  public static final int TYPE_AAAA = 28;

  private static final int HEADER_BYTES = 12;

  private final Vertx vertx = Vertx.vertx();
  private final List<String> questions = new CopyOnWriteArrayList<>();
  private final DatagramSocket socket;
  private final @Nullable Function<Question, Reply> script;

  /** What is asked: a name, and the type of its records. */
  public record Question(String name, int type) {}

  /**
   * What is answered.
   *
   * @param code of the answer, 0 for no error
   * @param record of the type that was asked for; null for none
   */
  public record Reply(int code, byte @Nullable [] record) {
    public static final Reply NONE = new Reply(0, null);

    public static Reply address(String address) {
      return new Reply(0, InetAddress.ofLiteral(address).getAddress());
    }

    /** An address that the JDK would make another of. */
    public static Reply bytes(byte... address) {
      return new Reply(0, address);
    }

    public static Reply alias(String of) {
      Buffer name = Buffer.buffer();
      for (String label : of.split("\\.", -1)) {
        name.appendByte((byte) label.length()).appendString(label);
      }
      return new Reply(0, name.appendByte((byte) 0).getBytes());
    }
  }

  private TestDns(@Nullable Function<Question, Reply> script) {
    this.script = script;
    this.socket = vertx.createDatagramSocket();
    socket.handler(this::answer);
    socket.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
  }

  /** One that answers each question for an IPv4 address with the next of these. */
  public static TestDns answering(String... addresses) {
    AtomicInteger answered = new AtomicInteger();
    return new TestDns(
        question ->
            question.type() == TYPE_A
                ? Reply.address(
                    addresses[Math.min(answered.getAndIncrement(), addresses.length - 1)])
                : Reply.NONE);
  }

  /** One that answers each question as {@code script} says. */
  public static TestDns answering(Function<Question, Reply> script) {
    return new TestDns(script);
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
    StringBuilder name = new StringBuilder();
    while (query.getByte(end) != 0) {
      name.append(name.isEmpty() ? "" : ".")
          .append(query.getString(end + 1, end + 1 + query.getByte(end)));
      end += query.getByte(end) + 1;
    }
    int type = query.getUnsignedShort(end + 1);
    questions.add(Integer.toString(type));
    if (script == null) {
      return;
    }
    Reply reply = script.apply(new Question(name.toString(), type));
    byte[] record = reply.record();
    Buffer response =
        Buffer.buffer()
            .appendUnsignedShort(query.getUnsignedShort(0))
            .appendUnsignedShort(0x8180 | reply.code()) // an answer
            .appendUnsignedShort(1)
            .appendUnsignedShort(record == null ? 0 : 1)
            .appendInt(0)
            .appendBuffer(query.slice(HEADER_BYTES, end + 5));
    if (record != null) {
      response
          .appendUnsignedShort(0xC00C) // the name in the question
          .appendUnsignedShort(type)
          .appendUnsignedShort(1)
          .appendInt(0)
          .appendUnsignedShort(record.length)
          .appendBytes(record);
    }
    socket.send(response, packet.sender().port(), packet.sender().host());
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
