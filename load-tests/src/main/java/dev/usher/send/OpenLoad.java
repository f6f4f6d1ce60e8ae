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
 * key's last two parts (as for wrk), the connections, the rate and the seconds of a warm-up that
 * does not count, the rate and the seconds that do. Prints one line that begins with {@code OPEN}.
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
  private final Schedule schedule;
  private final boolean late;
  private final NetClient client;

  private final Deque<RawConnection> idle = new ArrayDeque<>();
  private final Deque<Long> due = new ArrayDeque<>(); // those that wait for a connection
  private final Latencies accepted = new Latencies();
  private final Latencies acceptedOnceSent = new Latencies();
  private final Latencies refused = new Latencies();
  private long startNanos;
  private long scheduled;
  private long sentMeasured;
  private boolean over;
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
    this.schedule =
        new Schedule(
            Integer.parseInt(args[4]),
            TimeUnit.SECONDS.toNanos(Integer.parseInt(args[5])),
            Integer.parseInt(args[6]),
            TimeUnit.SECONDS.toNanos(Integer.parseInt(args[7])));
    this.late = args.length > 8 && args[8].equals("late");
    this.client = vertx.createNetClient();
  }

  public static void main(String[] args) throws Exception {
    Vertx vertx = BareVertx.start(1);
    OpenLoad load = new OpenLoad(vertx, args);
    Promise<String> done = Promise.promise();
    vertx.runOnContext(
        _ -> load.connect(Integer.parseInt(args[3])).onComplete(_ -> load.begin(done)));
    long lastSeconds = TimeUnit.MILLISECONDS.toSeconds(LAST_ANSWERS_MILLIS);
    long most =
        OPEN_SECONDS + TimeUnit.NANOSECONDS.toSeconds(load.schedule.endNanos()) + lastSeconds;
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
          comeDue(Math.min(elapsed, schedule.endNanos()));
          if (elapsed >= schedule.endNanos()) {
            vertx.cancelTimer(timer);
            over = true;
            finish(done);
          }
        });
  }

  private void comeDue(long elapsedNanos) {
    long until = schedule.dueBy(elapsedNanos);
    while (scheduled < until) {
      due.add(startNanos + schedule.dueAt(scheduled));
      scheduled++;
    }
    sendDue();
  }

  private void sendDue() {
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
    boolean measured = dueNanos - startNanos >= schedule.warmNanos();
    if (measured) {
      sentMeasured++;
    }
    connection.send(request, answer -> answered(connection, answer, measured, dueNanos, sentNanos));
  }

  private void answered(
      RawConnection connection, Answer answer, boolean measured, long dueNanos, long sentNanos) {
    answered++;
    if (measured) {
      note(answer, dueNanos, sentNanos, System.nanoTime());
    }
    if (connection.isOpen()) {
      free(connection);
    } else {
      RawConnection.open(client, address).onSuccess(this::free);
    }
  }

  private void note(Answer answer, long dueNanos, long sentNanos, long now) {
    switch (answer.status()) {
      case ACCEPTED -> {
        accepted.record(TimeUnit.NANOSECONDS.toMicros(now - dueNanos));
        acceptedOnceSent.record(TimeUnit.NANOSECONDS.toMicros(now - sentNanos));
        acceptedInTime += over ? 0 : 1;
      }
      case REFUSED -> refused.record(TimeUnit.NANOSECONDS.toMicros(now - sentNanos));
      case 0 -> broken++;
      default -> others++;
    }
  }

  private void free(RawConnection connection) {
    idle.add(connection);
    sendDue();
  }

  /**
   * Goes on until all that was sent is answered, within a bound. Where times are what is wanted,
   * what waits for a connection at the end is sent too: it has waited longest, and must not be
   * missing among them.
   */
  private void finish(Promise<String> done) {
    if (!late) {
      due.clear();
    }
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_ANSWERS_MILLIS);
    vertx.setPeriodic(
        10,
        timer -> {
          if ((due.isEmpty() && answered == sent) || System.nanoTime() > deadline) {
            vertx.cancelTimer(timer);
            done.complete(result());
          }
        });
  }

  private String result() {
    long told = accepted.count() + refused.count() + others + broken;
    return "OPEN due=%d sent=%d accepted=%d intime=%d refused=%d others=%d broken=%d unanswered=%d"
            .formatted(
                schedule.measured(),
                sentMeasured,
                accepted.count(),
                acceptedInTime,
                refused.count(),
                others,
                broken,
                sentMeasured - told)
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
