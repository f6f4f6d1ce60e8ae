package dev.usher.ingress;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
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
  private final Promise<Body> read = Promise.promise();
  private @Nullable Buffer collected;
  private int length;

  private BodyReader(OpenBodies open, int limitBytes) {
    this.open = open;
    this.limitBytes = limitBytes;
  }

  /** Begins to read; must be called in the turn in which the request arrived. Never fails. */
  static Future<Body> read(HttpServerRequest request, int limitBytes, OpenBodies open) {
    BodyReader reader = new BodyReader(open, limitBytes);
    open.add(reader);
    request.handler(reader::chunk);
    request.endHandler(_ -> reader.end());
    request.exceptionHandler(
        failure -> reader.finish(new Body.Broken(String.valueOf(failure.getMessage()))));
    return reader.read.future();
  }

  long begunNanos() {
    return begunNanos;
  }

  void expire() {
    finish(new Body.TooSlow());
  }

  private void chunk(Buffer chunk) {
    if (read.future().isComplete()) {
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
    Buffer whole = collected;
    finish(new Body.Complete(whole == null ? new byte[0] : whole.getBytes()));
  }

  private void finish(Body body) {
    if (read.tryComplete(body)) {
      open.remove(this);
      open.grew(-length);
      collected = null;
    }
  }
}
