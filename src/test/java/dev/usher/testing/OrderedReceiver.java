package dev.usher.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An organizer's system that depends on order: notes what arrives, and fails some of it. */
public final class OrderedReceiver implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final List<String> arrivals = new CopyOnWriteArrayList<>();
  private final List<Boolean> successes = new CopyOnWriteArrayList<>(); // of each arrival
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private volatile int failsEvery = Integer.MAX_VALUE;
  private volatile String poison = "";

  public OrderedReceiver() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::receive)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  private void receive(HttpServerRequest request) {
    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
    request
        .body()
        .onSuccess(
            body -> {
              String id = body.toJsonObject().getString("id");
              boolean fails = id.equals(poison) || arrivals.size() % failsEvery == failsEvery - 1;
              arrivals.add(id);
              successes.add(!fails);
              // Slowly enough that a second one would be seen beside it.
              vertx.setTimer(
                  3,
                  _ -> {
                    underWay.decrementAndGet();
                    request.response().setStatusCode(fails ? 500 : 200).end();
                  });
            });
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/";
  }

  /** Of so many requests one fails. */
  public void failsEvery(int requests) {
    failsEvery = requests;
  }

  /** The event whose payload has this id never succeeds. */
  public void failsAlways(String id) {
    poison = id;
  }

  /** The payload's id of each request, in the order in which they came. */
  public List<String> arrivals() {
    return List.copyOf(arrivals);
  }

  /** The same of those that were answered 200. */
  public List<String> succeeded() {
    List<Boolean> answers = List.copyOf(successes);
    List<String> succeeded = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i)) {
        succeeded.add(arrivals.get(i));
      }
    }
    return succeeded;
  }

  public int failures() {
    return successes.size() - succeeded().size();
  }

  /** All arrived; and what was acknowledged before something was sent first arrived before it. */
  public void assertOrder(List<OrderedSender.Sent> sent) {
    Map<String, Integer> firsts = new HashMap<>();
    List<String> all = arrivals();
    for (int i = 0; i < all.size(); i++) {
      firsts.putIfAbsent(all.get(i), i);
    }
    assertThat(firsts.keySet()).containsAll(sent.stream().map(OrderedSender.Sent::id).toList());
    int pairs = 0;
    for (OrderedSender.Sent earlier : sent) {
      for (OrderedSender.Sent later : sent) {
        if (earlier.acknowledgedNanos() < later.sentNanos()) {
          pairs++;
          assertThat(firsts.get(earlier.id())).isLessThan(firsts.get(later.id()));
        }
      }
    }
    assertThat(pairs).isGreaterThan(sent.size());
  }

  public void assertOneAtATime() {
    assertThat(most.get()).isEqualTo(1);
  }

  /** After a failure comes the same event, until it succeeds. */
  public void assertNothingPassedAFailure() {
    List<String> all = arrivals();
    for (int i = 0; i + 1 < all.size(); i++) {
      if (!successes.get(i)) {
        assertThat(all.get(i + 1)).as("after failure %d", i).isEqualTo(all.get(i));
      }
    }
  }

  /** A node that dies after a delivery and before it is logged makes that one come again. */
  public void assertOnlyTheLastOneIsRepeated() {
    List<String> all = arrivals();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < all.size(); i++) {
      if (!seen.add(all.get(i))) {
        assertThat(all.get(i)).as("arrival %d", i).isEqualTo(all.get(i - 1));
      }
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
