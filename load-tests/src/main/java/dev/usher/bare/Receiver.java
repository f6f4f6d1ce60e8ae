package dev.usher.bare;

import dev.usher.measure.EventKey;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * The endpoints behind subjects (c) and (d): reads each request, remembers by its idempotency key
 * that its path has got the event, answers 200. A bit an event is enough, as the keys count. Tells
 * on a second port what it has got, so that asking costs the measured connections nothing.
 */
public final class Receiver extends VerticleBase {
  // Of a sender with its path: a start of wrk has as many as threads.
  private static final int MOST_SENDERS = 100_000;

  /**
   * @param requests all requests
   * @param distinct different events among them, each counted once for each path
   * @param lastAtMicros when the last one came, in microseconds of the Unix epoch; 0 for never
   */
  public record Counts(long requests, long distinct, long lastAtMicros) {}

  private record Sender(String path, String sender) {}

  // Read and written on the one event loop.
  private final Map<Sender, BitSet> got = new HashMap<>();
  private Counts counts = new Counts(0, 0, 0);
  private int port;
  private int countPort;

  private Receiver() {}

  /** One loop is enough for several times of what two loops under test hand on. */
  public static void main(String[] args) throws Exception {
    Receiver receiver = new Receiver();
    BareVertx.deploy(BareVertx.start(1), 1, () -> receiver);
    BareVertx.serveUntilOrphaned(receiver.port, receiver.countPort);
  }

  @Override
  public Future<?> start() {
    return listen(this::receive)
        .onSuccess(server -> port = server.actualPort())
        .compose(receiving -> listen(this::tell))
        .onSuccess(server -> countPort = server.actualPort());
  }

  private Future<HttpServer> listen(Handler<HttpServerRequest> handler) {
    return vertx.createHttpServer(BareVertx.serverOptions()).requestHandler(handler).listen(0);
  }

  private void receive(HttpServerRequest request) {
    request
        .body()
        .onSuccess(body -> note(request, body))
        .onFailure(broken -> request.connection().close());
  }

  private void note(HttpServerRequest request, Buffer body) {
    boolean isNew = EventKey.find(body).map(key -> isNew(request.path(), key)).orElse(false);
    counts =
        new Counts(
            counts.requests + 1,
            counts.distinct + (isNew ? 1 : 0),
            ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    request.response().end();
  }

  private boolean isNew(String path, EventKey key) {
    Sender sender = new Sender(path, key.sender());
    BitSet seen = got.get(sender);
    if (seen == null) {
      if (got.size() == MOST_SENDERS) {
        throw new IllegalStateException("more than " + MOST_SENDERS + " senders");
      }
      seen = new BitSet();
      got.put(sender, seen);
    }
    boolean isNew = !seen.get(key.number());
    seen.set(key.number());
    return isNew;
  }

  private void tell(HttpServerRequest request) {
    Buffer answer =
        new JsonObject()
            .put("requests", counts.requests)
            .put("distinct", counts.distinct)
            .put("last_at_micros", counts.lastAtMicros)
            .toBuffer();
    request.response().putHeader("content-type", "application/json").end(answer);
  }
}
