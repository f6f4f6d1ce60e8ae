package dev.usher.ingress;

import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads one request's body under a limit of bytes and a deadline. */
final class BodyReader {
  /** How reading ended. */
  sealed interface Body {
    record Complete(byte[] bytes) implements Body {}

    record TooLarge() implements Body {}

    record TooSlow() implements Body {}

    /** The bodies that arrive at this moment hold all the memory there is for them. */
    record NoRoom() implements Body {}

    /** The body's framing is broken, or the connection went away: there is nobody to trust. */
    record Broken(String detail) implements Body {}
  }

  private final OpenBodies open;
  private final int limitBytes;
  private final long begunNanos = System.nanoTime();
  private final Consumer<Body> then;
  private @Nullable Buffer collected;
  private int length;
  private boolean finished;

  private BodyReader(OpenBodies open, int limitBytes, Consumer<Body> then) {
    this.open = open;
    this.limitBytes = limitBytes;
    this.then = then;
  }

  /**
   * Begins to read; must be called in the turn in which the request arrived.
   *
   * @param then called once, however reading ends
   */
  static void read(
      HttpServerRequest request, int limitBytes, OpenBodies open, Consumer<Body> then) {
    BodyReader reader = new BodyReader(open, limitBytes, then);
    open.add(reader);
    request.handler(reader::chunk);
    request.endHandler(_ -> reader.end());
    request.exceptionHandler(
        failure -> reader.finish(new Body.Broken(String.valueOf(failure.getMessage()))));
  }

  long begunNanos() {
    return begunNanos;
  }

  void expire() {
    finish(new Body.TooSlow());
  }

  private void chunk(Buffer chunk) {
    if (finished) {
      return;
    }
    length += chunk.length();
    open.grew(chunk.length());
    if (length > limitBytes) {
      finish(new Body.TooLarge());
    } else if (open.isFull()) {
      finish(new Body.NoRoom());
    } else {
      collected = collected == null ? chunk : collected.appendBuffer(chunk);
    }
  }

  private void end() {
    finish(new Body.Complete(collected == null ? new byte[0] : bytes(collected)));
  }

  /** The buffer's own array where it has one of just this length: the body is nobody else's. */
  private static byte[] bytes(Buffer whole) {
    ByteBuf bytes = ((BufferInternal) whole).getByteBuf();
    return bytes.hasArray()
            && bytes.arrayOffset() + bytes.readerIndex() == 0
            && bytes.array().length == bytes.readableBytes()
        ? bytes.array()
        : whole.getBytes();
  }

  private void finish(Body body) {
    if (!finished) {
      finished = true;
      open.remove(this);
      open.grew(-length);
      collected = null;
      then.accept(body);
    }
  }
}
