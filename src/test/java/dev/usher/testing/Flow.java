package dev.usher.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A steady flow of new events from several senders, until it is stopped. */
public final class Flow {
  private static final int SENDERS = 16;

  private final TestSource source;
  private final URI door;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<String> accepted = new CopyOnWriteArrayList<>();
  private final List<String> cut = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(SENDERS);
  private volatile boolean stopped;

  private Flow(TestSource source, URI door) {
    this.source = source;
    this.door = door;
  }

  /** Sends events of {@code source} to the gateway whose public door is {@code door}. */
  public static Flow start(TestSource source, URI door) {
    Flow flow = new Flow(source, door);
    for (int i = 0; i < SENDERS; i++) {
      Thread.ofVirtual().start(flow::send);
    }
    return flow;
  }

  private void send() {
    try {
      boolean welcome = true;
      while (!stopped && welcome) {
        welcome = sendOne();
      }
    } catch (ConnectException e) {
      // The gateway is gone: a load balancer would have turned to another.
    } catch (IOException e) {
      cut.add(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  /**
   * Whether the gateway wants more on this connection; a load balancer turns elsewhere otherwise.
   */
  private boolean sendOne() throws IOException, InterruptedException {
    JsonObject payload = TestSource.newPayload();
    HttpResponse<String> answer =
        http.send(
            source
                .signed(door.resolve(source.path()), payload.getString("id"), payload.encode())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() == 202) {
      accepted.add(new JsonObject(answer.body()).getString("id"));
    }
    return !answer.headers().firstValue("connection").orElse("").equalsIgnoreCase("close");
  }

  /** Sends no more, and waits for the last answers. */
  public void stop() {
    stopped = true;
    try {
      ended.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Ids of the events that were answered 202. */
  public List<String> accepted() {
    return accepted;
  }

  /** Requests that got no answer although a connection was there. */
  public List<String> cut() {
    return cut;
  }
}
