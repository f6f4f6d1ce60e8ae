package dev.usher.testing;

import dev.usher.crypto.ShowpassSigner;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * New events at a constant rate, through a load balancer of a simple kind: it hands each to the
 * next node, takes a node out that closes its connections or refuses new ones, and gives an event
 * that got no answer, or 503, to another node, with the same idempotency key.
 */
public final class Traffic implements AutoCloseable {
  private static final long TICK_MILLIS = 5;
  private static final long AGAIN_MILLIS = 50;

  /** Of more the nodes cannot keep up: then less is sent, see {@link #perSecond}. */
  private static final int MOST_UNDER_WAY = 1_000;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.createHttpClient(
          new HttpClientOptions().setConnectTimeout(2_000).setReadIdleTimeout(20),
          new PoolOptions().setHttp1MaxSize(100));
  private final TestSource source;
  private final ShowpassSigner signer;
  private final int rate;
  private final List<URI> doors = new CopyOnWriteArrayList<>();
  private final Map<String, AtomicInteger> accepted = new ConcurrentHashMap<>();
  private final Set<String> answered = ConcurrentHashMap.newKeySet();
  private final List<String> cut = new CopyOnWriteArrayList<>();
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final long begunNanos = System.nanoTime();
  private volatile boolean stopped;
  private volatile long stoppedNanos;
  private long due;
  private long sent;
  private int turn;

  private Traffic(TestSource source, int rate) {
    this.source = source;
    this.signer = new ShowpassSigner(source.secret());
    this.rate = rate;
  }

  /** Begins to send, to nodes that are yet to be added. */
  public static Traffic start(TestSource source, int perSecond) {
    Traffic traffic = new Traffic(source, perSecond);
    traffic.vertx.runOnContext(
        _ -> traffic.vertx.setPeriodic(TICK_MILLIS, timer -> traffic.tick(timer)));
    return traffic;
  }

  /** A node that takes events from now on. */
  public void add(URI door) {
    doors.add(door);
  }

  private void tick(long timer) {
    if (stopped) {
      if (underWay.get() == 0) {
        vertx.cancelTimer(timer);
        ended.countDown();
      }
      return;
    }
    long until = (long) ((System.nanoTime() - begunNanos) / 1e9 * rate);
    for (; due < until; due++) {
      if (!doors.isEmpty() && underWay.get() < MOST_UNDER_WAY) {
        underWay.incrementAndGet();
        JsonObject payload =
            TestSource.newPayload()
                .put("webhook_event_uuid", "00000000-0000-4000-8000-%012x".formatted(sent++));
        send(payload);
      }
    }
  }

  private void send(JsonObject payload) {
    if (doors.isEmpty()) {
      vertx.setTimer(AGAIN_MILLIS, _ -> send(payload));
      return;
    }
    URI door = doors.get(turn++ % doors.size());
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(door.getHost())
            .setPort(door.getPort())
            .setURI(source.path())
            .putHeader("content-type", "application/json")
            .putHeader("X-SHOWPASS-SIGNATURE", signer.sign(payload.getString("id")));
    client
        .request(options)
        .onComplete(
            request ->
                request
                    .send(Buffer.buffer(payload.encode()))
                    .onComplete(
                        answer -> answered(door, payload, answer),
                        failure -> {
                          cut.add(failure.toString());
                          again(door, payload);
                        }),
            _ -> again(door, payload)); // nothing was sent: a balancer turns to another node
  }

  private void again(@Nullable URI door, JsonObject payload) {
    if (door != null) {
      doors.remove(door);
    }
    vertx.setTimer(AGAIN_MILLIS, _ -> send(payload));
  }

  private void answered(URI door, JsonObject payload, HttpClientResponse answer) {
    if ("close".equalsIgnoreCase(answer.getHeader("connection"))) {
      doors.remove(door);
    }
    if (answer.statusCode() != 202 && answer.statusCode() != 200) {
      refused.add(door + " answered " + answer.statusCode());
      again(null, payload);
      return;
    }
    String key = payload.getString("webhook_event_uuid");
    if (answer.statusCode() == 202) {
      accepted.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
    }
    answered.add(key);
    underWay.decrementAndGet();
  }

  /** Sends no more new events, and waits until all are answered. */
  public void stop() throws InterruptedException {
    stoppedNanos = System.nanoTime();
    stopped = true;
    if (!ended.await(1, TimeUnit.MINUTES)) {
      throw new AssertionError(underWay + " events are not answered a minute after the last");
    }
  }

  /**
   * Keys of the events that were answered 202, or 200 where the answer to an earlier try is lost.
   */
  public Set<String> answered() {
    return answered;
  }

  /** Keys of the events that were answered 202 more than once. */
  public List<String> acceptedTwice() {
    return accepted.entrySet().stream()
        .filter(entry -> entry.getValue().get() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Requests that got no answer although a connection was there. */
  public List<String> cut() {
    return cut;
  }

  /** Answers that were neither 202 nor 200. */
  public List<String> refused() {
    return refused;
  }

  /** Events that were answered, by the time until {@link #stop}. */
  public double perSecond() {
    return answered.size() * 1e9 / (stoppedNanos - begunNanos);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
