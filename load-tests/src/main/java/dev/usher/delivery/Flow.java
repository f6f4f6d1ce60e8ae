package dev.usher.delivery;

import dev.usher.bare.BareVertx;
import dev.usher.load.ManagementApi;
import dev.usher.load.SampleEvents;
import dev.usher.load.ShowpassSignature;
import dev.usher.measure.EventKey;
import dev.usher.process.ProcessFailure;
import dev.usher.send.RawConnection;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * New events of one source at a constant rate (an open model), or as fast as they are answered. A
 * node that is gone is left out; what was under way there is not sent again.
 *
 * <p>The events are copies of one sample: its signature covers only the payload's id, so one serves
 * all.
 */
final class Flow implements AutoCloseable {
  private static final int MOST_EVENTS = 4_000_000;
  private static final int MOST_CONNECTIONS = 256; // for each node
  private static final long TICK_MILLIS = 1;
  private static final long STOP_SECONDS = 30;
  private static final int ACCEPTED = 202;

  private final Vertx vertx = BareVertx.start(1);
  private final NetClient client = vertx.createNetClient();
  private final String sender = EventKey.newSender();
  private final List<URI> doors;
  private final String head;
  private final String tail;
  private final int perSecond;
  private final int closed;
  private final long[] dueNanos = new long[MOST_EVENTS];
  private final Map<URI, Deque<RawConnection>> idle = new HashMap<>();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();
  private final AtomicLong others = new AtomicLong();
  private final AtomicLong underWay = new AtomicLong();
  private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
  private volatile boolean stopped;
  private long begunNanos;
  private int number;
  private int turn;

  private Flow(List<URI> doors, ManagementApi.Source source, int perSecond, int closed) {
    this.doors = new CopyOnWriteArrayList<>(doors);
    this.perSecond = perSecond;
    this.closed = closed;
    SampleEvents.SampleEvent sample =
        new SampleEvents(source.secret()).event(new EventKey(sender, 0));
    int key = sample.body().indexOf(sample.key().text());
    URI first = doors.getFirst();
    this.head =
        """
        POST %s HTTP/1.1
        Host: %s
        User-Agent: Showpass
        Content-Type: application/json
        Content-Length: %d
        %s: %s

        """
                .formatted(
                    source.path(),
                    first.getAuthority(),
                    Buffer.buffer(sample.body()).length(),
                    ShowpassSignature.HEADER,
                    sample.signature())
                .replace("\n", "\r\n")
            + sample.body().substring(0, key);
    this.tail = sample.body().substring(key + sample.key().text().length());
  }

  /** So many events a second, whatever is answered. */
  static Flow open(List<URI> doors, ManagementApi.Source source, int perSecond) {
    Flow flow = new Flow(doors, source, perSecond, 0);
    flow.vertx.runOnContext(_ -> flow.begin());
    return flow;
  }

  /** The next as soon as one is answered, on so many connections. */
  static Flow closed(List<URI> doors, ManagementApi.Source source, int connections) {
    Flow flow = new Flow(doors, source, 0, connections);
    flow.vertx.runOnContext(_ -> flow.begin());
    return flow;
  }

  private void begin() {
    begunNanos = System.nanoTime();
    vertx.setPeriodic(TICK_MILLIS, this::tick);
  }

  private void tick(long timer) {
    if (stopped) {
      if (underWay.get() == 0) {
        vertx.cancelTimer(timer);
        ended.complete(true);
      }
      return;
    }
    long now = System.nanoTime();
    if (closed > 0) {
      while (underWay.get() < closed) {
        send(now);
      }
      return;
    }
    long until = (long) ((now - begunNanos) / 1e9 * perSecond);
    while (number < until) {
      send(begunNanos + (long) (number * 1e9 / perSecond));
    }
  }

  private void send(long due) {
    if (number == MOST_EVENTS || doors.isEmpty()) {
      stopped = true;
      return;
    }
    URI door = doors.get(turn++ % doors.size());
    int event = number++;
    dueNanos[event] = due;
    underWay.incrementAndGet();
    Buffer request = Buffer.buffer(head + new EventKey(sender, event).text() + tail);
    Deque<RawConnection> free = idle.computeIfAbsent(door, _ -> new ArrayDeque<>());
    RawConnection connection = free.poll();
    while (connection != null && !connection.isOpen()) {
      connection = free.poll();
    }
    if (connection != null) {
      send(door, connection, request);
      return;
    }
    RawConnection.open(client, door)
        .onComplete(
            opened -> send(door, opened, request),
            _ -> {
              doors.remove(door);
              unanswered.incrementAndGet();
              underWay.decrementAndGet();
            });
  }

  private void send(URI door, RawConnection connection, Buffer request) {
    connection.send(
        request,
        answer -> {
          underWay.decrementAndGet();
          switch (answer.status()) {
            case ACCEPTED -> accepted.incrementAndGet();
            case 0 -> unanswered.incrementAndGet();
            default -> others.incrementAndGet();
          }
          Deque<RawConnection> free = idle.computeIfAbsent(door, _ -> new ArrayDeque<>());
          if (connection.isOpen() && free.size() < MOST_CONNECTIONS) {
            free.add(connection);
          } else {
            connection.close();
          }
          if (closed > 0 && !stopped) {
            send(System.nanoTime());
          }
        });
  }

  /** A node that takes events from now on. */
  void add(URI door) {
    doors.add(door);
  }

  /** When the event of a key was due to be sent; 0 where it is none of this flow. */
  long dueNanos(EventKey key) {
    return key.sender().equals(sender) && key.number() < MOST_EVENTS ? dueNanos[key.number()] : 0;
  }

  /** Sends no more, and waits until all are answered. */
  void stop() throws InterruptedException {
    stopped = true;
    try {
      ended.get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new ProcessFailure(
          underWay + " events were not answered within " + STOP_SECONDS + " s");
    }
  }

  long accepted() {
    return accepted.get();
  }

  /** Events whose connection broke before the answer, or was refused. */
  long unanswered() {
    return unanswered.get();
  }

  /** Events that were answered otherwise than 202. */
  long others() {
    return others.get();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
