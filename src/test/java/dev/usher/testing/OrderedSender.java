package dev.usher.testing;

import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntSupplier;

/**
 * Senders that each send one event after the other, to nodes in turn, and note when each was sent
 * and when it was acknowledged.
 */
public final class OrderedSender {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int MOST_ON_THEIR_WAY = 50;

  /** An event that was answered 202, by the monotonic clock of this machine. */
  public record Sent(String id, long sentNanos, long acknowledgedNanos) {}

  private final TestSource source;
  private final List<URI> doors;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<Sent> sent = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended;
  private volatile IntSupplier arrived = () -> Integer.MAX_VALUE;
  private volatile boolean stopped;

  private OrderedSender(TestSource source, List<URI> doors, int senders) {
    this.source = source;
    this.doors = doors;
    this.ended = new CountDownLatch(senders);
  }

  /** Has each of {@code senders} send {@code events}; returns when all are acknowledged. */
  public static List<Sent> send(TestSource source, List<URI> doors, int senders, int events)
      throws InterruptedException {
    OrderedSender sender = new OrderedSender(source, doors, senders);
    sender.begin(senders, events);
    sender.ended.await();
    return new ArrayList<>(sender.sent);
  }

  /**
   * Has senders send until they are stopped; who finds nobody tries the next node.
   *
   * @param arrived how much has arrived: while much has not, nothing more is sent
   */
  public static OrderedSender start(
      TestSource source, List<URI> doors, int senders, IntSupplier arrived) {
    OrderedSender sender = new OrderedSender(source, doors, senders);
    sender.arrived = arrived;
    sender.begin(senders, Integer.MAX_VALUE);
    return sender;
  }

  private void begin(int senders, int events) {
    for (int i = 0; i < senders; i++) {
      int first = i;
      Thread.ofVirtual().start(() -> run(first, events));
    }
  }

  /** Sends no more, and gives what was acknowledged. */
  public List<Sent> stop() throws InterruptedException {
    stopped = true;
    ended.await();
    return new ArrayList<>(sent);
  }

  private void run(int first, int events) {
    try {
      for (int i = 0; i < events && !stopped; i++) {
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(10))
            .until(() -> stopped || sent.size() - arrived.getAsInt() < MOST_ON_THEIR_WAY);
        sendOne(doors.get((first + i) % doors.size()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  private void sendOne(URI door) throws InterruptedException {
    JsonObject payload = TestSource.newPayload();
    String id = payload.getString("id");
    long before = System.nanoTime();
    try {
      HttpResponse<String> answer =
          http.send(
              source.signed(door.resolve(source.path()), id, payload.encode()).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == 202) {
        sent.add(new Sent(id, before, System.nanoTime()));
      }
    } catch (IOException e) {
      // The node is gone: whether it took the event is unknown, so nothing is said of it.
    }
  }
}
