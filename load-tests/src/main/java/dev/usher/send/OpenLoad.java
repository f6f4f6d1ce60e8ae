package dev.usher.send;

import dev.usher.bare.BareVertx;
import dev.usher.measure.Latencies;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * An open model: requests come due at a constant rate whatever is answered, and a request's time
 * begins when it came due, so that a server which stalls is not spared those that came meanwhile.
 * One that finds no connection free waits for one.
 *
 * <p>A process of its own. Arguments: the address, the files with the request before and behind the
 * key's last two parts (as for wrk), the rate, the seconds, the connections. Prints one line that
 * begins with {@code OPEN}.
 */
public final class OpenLoad {
  private static final long TICK_MILLIS = 1;
  private static final int OPENED_AT_ONCE = 64;
  private static final long OPEN_SECONDS = 60;
  private static final long LAST_ANSWERS_MILLIS = 10_000;
  // Another "thread" than wrk's, so that no key is like one of its.
  private static final String THREAD = "8fff-";
  private static final int ACCEPTED = 202;
  private static final int REFUSED = 503;

  private final Vertx vertx;
  private final URI address;
  private final Buffer head;
  private final Buffer tail;
  private final int rate;
  private final long seconds;
  private final NetClient client;

  private final Deque<RawConnection> idle = new ArrayDeque<>();
  private final Deque<Long> due = new ArrayDeque<>(); // those that wait for a connection
  private final Latencies accepted = new Latencies();
  private final Latencies acceptedOnceSent = new Latencies();
  private final Latencies refused = new Latencies();
  private long startNanos;
  private long scheduled;
  private long sent;
  private long answered;
  private long acceptedInTime;
  private long others;
  private long broken;

  private OpenLoad(Vertx vertx, String[] args) throws IOException {
    this.vertx = vertx;
    this.address = URI.create(args[0]);
    this.head = Buffer.buffer(Files.readAllBytes(Path.of(args[1]))).appendString(THREAD);
    this.tail = Buffer.buffer(Files.readAllBytes(Path.of(args[2])));
    this.rate = Integer.parseInt(args[3]);
    this.seconds = Long.parseLong(args[4]);
    this.client = vertx.createNetClient();
  }

  public static void main(String[] args) throws Exception {
    Vertx vertx = BareVertx.start(1);
    OpenLoad load = new OpenLoad(vertx, args);
    Promise<String> done = Promise.promise();
    vertx.runOnContext(
        _ -> load.connect(Integer.parseInt(args[5])).onComplete(_ -> load.begin(done)));
    long most = OPEN_SECONDS + load.seconds + TimeUnit.MILLISECONDS.toSeconds(LAST_ANSWERS_MILLIS);
    System.out.println(done.future().await(most + 5, TimeUnit.SECONDS));
    System.exit(0);
  }

  /** Some at a time: a server's backlog is finite. Those that are refused are simply fewer. */
  private Future<Void> connect(int connections) {
    Future<Void> opened = Future.succeededFuture();
    for (int at = 0; at < connections; at += OPENED_AT_ONCE) {
      int next = Math.min(OPENED_AT_ONCE, connections - at);
      opened =
          opened.compose(
              _ ->
                  Future.join(
                          IntStream.range(0, next)
                              .mapToObj(_ -> RawConnection.open(client, address))
                              .map(opening -> opening.onSuccess(idle::add))
                              .toList())
                      .<Void>mapEmpty()
                      .otherwiseEmpty());
    }
    return opened;
  }

  private void begin(Promise<String> done) {
    startNanos = System.nanoTime();
    vertx.setPeriodic(
        TICK_MILLIS,
        timer -> {
          long elapsed = System.nanoTime() - startNanos;
          if (elapsed < TimeUnit.SECONDS.toNanos(seconds)) {
            sendDue(elapsed);
          } else {
            vertx.cancelTimer(timer);
            finish(done);
          }
        });
  }

  private void sendDue(long elapsedNanos) {
    long until = (long) (elapsedNanos / 1e9 * rate);
    while (scheduled < until) {
      due.add(startNanos + (long) (scheduled * 1e9 / rate));
      scheduled++;
    }
    while (!due.isEmpty() && !idle.isEmpty()) {
      send(idle.poll(), due.poll());
    }
  }

  private void send(RawConnection connection, long dueNanos) {
    long sentNanos = System.nanoTime();
    Buffer request =
        Buffer.buffer(head.length() + tail.length() + 12)
            .appendBuffer(head)
            .appendString("%012x".formatted(sent++), StandardCharsets.US_ASCII.name())
            .appendBuffer(tail);
    connection.send(request, answer -> answered(connection, answer, dueNanos, sentNanos));
  }

  private void answered(RawConnection connection, Answer answer, long dueNanos, long sentNanos) {
    long now = System.nanoTime();
    answered++;
    switch (answer.status()) {
      case ACCEPTED -> {
        accepted.record(TimeUnit.NANOSECONDS.toMicros(now - dueNanos));
        acceptedOnceSent.record(TimeUnit.NANOSECONDS.toMicros(now - sentNanos));
        acceptedInTime += now - startNanos < TimeUnit.SECONDS.toNanos(seconds) ? 1 : 0;
      }
      case REFUSED -> refused.record(TimeUnit.NANOSECONDS.toMicros(now - sentNanos));
      case 0 -> broken++;
      default -> others++;
    }
    if (!connection.isOpen()) {
      RawConnection.open(client, address).onSuccess(this::free);
    } else {
      free(connection);
    }
  }

  private void free(RawConnection connection) {
    Long next =
        System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(seconds) ? due.poll() : null;
    if (next == null) {
      idle.add(connection);
    } else {
      send(connection, next);
    }
  }

  /** Waits for the answers that are under way; what was never sent is told as such. */
  private void finish(Promise<String> done) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_ANSWERS_MILLIS);
    vertx.setPeriodic(
        10,
        timer -> {
          if (answered == sent || System.nanoTime() > deadline) {
            vertx.cancelTimer(timer);
            done.complete(result());
          }
        });
  }

  private String result() {
    return "OPEN due=%d sent=%d accepted=%d intime=%d refused=%d others=%d broken=%d unanswered=%d"
            .formatted(
                scheduled,
                sent,
                accepted.count(),
                acceptedInTime,
                refused.count(),
                others,
                broken,
                sent - answered)
        + " p50=%d p99=%d sentp99=%d refusedp99=%d"
            .formatted(
                micros(accepted, 50),
                micros(accepted, 99),
                micros(acceptedOnceSent, 99),
                micros(refused, 99));
  }

  private static long micros(Latencies times, double percent) {
    return Math.round(times.millis(percent) * 1e3);
  }
}
