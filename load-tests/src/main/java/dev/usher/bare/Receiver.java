package dev.usher.bare;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The endpoint behind subjects (c) and (d): reads each request, remembers its {@code webhook-id}
 * where it has one, answers 200. Tells on a second port what it has got, so that asking costs the
 * measured connections nothing.
 */
public final class Receiver extends VerticleBase {
  /** What was received; may be read by any thread. */
  public static final class Received {
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong lastAtMicros = new AtomicLong();
    private final Set<String> ids = ConcurrentHashMap.newKeySet();

    /** The ids of the events that came, each once however often it came. */
    public Set<String> ids() {
      return ids;
    }

    /** The counts at this moment. */
    public Counts counts() {
      return new Counts(requests.get(), ids.size(), lastAtMicros.get());
    }
  }

  /**
   * @param requests all requests
   * @param distinct different {@code webhook-id}s among them
   * @param lastAtMicros when the last one came, in microseconds of the Unix epoch; 0 for never
   */
  public record Counts(long requests, long distinct, long lastAtMicros) {}

  private final Received received;
  private int port;
  private int countPort;

  /** A receiver that notes into {@code received}; one instance, so it needs one event loop. */
  public Receiver(Received received) {
    this.received = received;
  }

  /** One loop is enough for several times of what two loops under test hand on. */
  public static void main(String[] args) throws Exception {
    Receiver receiver = new Receiver(new Received());
    BareVertx.deploy(BareVertx.start(1), 1, () -> receiver);
    BareVertx.serveUntilOrphaned(receiver.port, receiver.countPort);
  }

  /** Where it receives, once it is deployed. */
  public int port() {
    return port;
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
        .onSuccess(body -> note(request))
        .onFailure(broken -> request.connection().close());
  }

  private void note(HttpServerRequest request) {
    String id = request.getHeader("webhook-id");
    if (id != null) {
      received.ids.add(id);
    }
    received.requests.incrementAndGet();
    received.lastAtMicros.set(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    request.response().end();
  }

  private void tell(HttpServerRequest request) {
    Counts counts = received.counts();
    Buffer answer =
        new JsonObject()
            .put("requests", counts.requests)
            .put("distinct", counts.distinct)
            .put("last_at_micros", counts.lastAtMicros)
            .toBuffer();
    request.response().putHeader("content-type", "application/json").end(answer);
  }
}
