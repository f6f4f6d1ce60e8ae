package dev.usher.delivery;

import dev.usher.bare.BareVertx;
import dev.usher.measure.EventKey;
import dev.usher.measure.Latencies;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An endpoint in this process, on one event loop of its own, that behaves as it is told. */
final class Hook implements AutoCloseable {
  private static final int MOST_NOTED = 2_000_000;

  /** What it does with a request. */
  enum Manner {
    ANSWERS,
    /** Answers 200 after 29 s: an endpoint whose time-out is 30 s still calls that a success. */
    TAKES_LONG,
    FAILS
  }

  private static final long LONG_MILLIS = 29_000;

  private final Vertx vertx = BareVertx.start(1);
  private final Set<String> arrived = ConcurrentHashMap.newKeySet();
  private final AtomicLong answered = new AtomicLong();
  private final long[] answeredNanos = new long[MOST_NOTED];
  private final HttpServer server;
  private volatile Manner manner = Manner.ANSWERS;
  private volatile boolean noting;
  private volatile @Nullable Flow flow;
  private volatile Latencies latencies = new Latencies();

  /**
   * @param noting whether it is remembered which events have come
   */
  Hook(boolean noting) throws TimeoutException {
    this.noting = noting;
    this.server =
        vertx
            .createHttpServer(
                new HttpServerOptions().setHost("127.0.0.1").setHttp2ClearTextEnabled(false))
            .requestHandler(this::receive)
            .listen(0)
            .await(30, TimeUnit.SECONDS);
  }

  private void receive(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              switch (manner) {
                case FAILS -> request.response().setStatusCode(503).end();
                case TAKES_LONG -> vertx.setTimer(LONG_MILLIS, _ -> request.response().end());
                case ANSWERS -> {
                  EventKey.find(body).ifPresent(this::note);
                  long number = answered.getAndIncrement();
                  if (number < MOST_NOTED) {
                    answeredNanos[(int) number] = System.nanoTime();
                  }
                  request.response().end();
                }
              }
            });
  }

  private void note(EventKey key) {
    Flow from = flow;
    long due = from == null ? 0 : from.dueNanos(key);
    if (due != 0) {
      latencies.record((System.nanoTime() - due) / 1_000);
    }
    if (noting) {
      arrived.add(key.text());
    }
  }

  /** Of this flow's events it is measured how long they take. */
  void measures(Flow from) {
    flow = from;
  }

  void behaves(Manner now) {
    manner = now;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/hook");
  }

  /** From when an event was due to be sent until it is here, since the last call. */
  Latencies takeLatencies() {
    Latencies taken = latencies;
    latencies = new Latencies();
    return taken;
  }

  boolean hasGot(String key) {
    return arrived.contains(key);
  }

  /** Requests that were answered 200 at once. */
  long answered() {
    return answered.get();
  }

  /** Forgets how many were answered, and when. */
  void startAnew() {
    answered.set(0);
  }

  /** When the first and the last were answered, by the monotonic clock. */
  long answeredNanos(long number) {
    return answeredNanos[(int) number];
  }

  /** The most that were answered within any second. */
  int mostInASecond() {
    long[] at = Arrays.copyOf(answeredNanos, (int) Math.min(answered.get(), MOST_NOTED));
    int most = 0;
    int from = 0;
    for (int i = 0; i < at.length; i++) {
      while (at[i] - at[from] >= 1_000_000_000L) {
        from++;
      }
      most = Math.max(most, i - from + 1);
    }
    return most;
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
