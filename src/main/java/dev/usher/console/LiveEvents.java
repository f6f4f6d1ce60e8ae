package dev.usher.console;

import dev.usher.control.LocalApi.LocalAnswer;
import dev.usher.event.EventId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets readers follow events as they come (server-sent events). Each follower is a look at the
 * newest events once a second, the same call that the list makes, so that it ends with the right to
 * make it.
 *
 * <p>Nothing falls between two streams, or between the page and its first: a stream begins where
 * the newest event that the page has says, and the page puts a row that it has in its place. Each
 * look reaches back to the last one that was made.
 *
 * <p>Bounded: followers of a node, rows of a look, what a follower remembers, and how long one
 * lasts, after which the browser begins anew by itself. Where more comes than a look shows, the
 * newest are shown. A reader who does not keep up misses looks.
 */
final class LiveEvents {
  private static final int MOST_FOLLOWERS = 64;
  private static final long INTERVAL_MILLIS = 1_000;
  private static final int ROWS = 50;
  private static final int REMEMBERED = 500;

  /** Looks back this far, for what was committed late and for the outcome of deliveries. */
  private static final Duration BACK = Duration.ofMinutes(10);

  /** The same with a filter, which reads each event of that time and not only those it shows. */
  private static final Duration BACK_FILTERED = Duration.ofSeconds(15);

  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int LOOKS_BETWEEN_SIGNS = 15;

  /** Nothing will come any more, so the page is not to connect again. */
  private static final String OVER = "event: over\ndata: you may not follow any more\n\n";

  private final Vertx vertx;
  private final Gate gate;
  private final ResponseWriter writer;
  private final InstantSource clock;
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();

  LiveEvents(Vertx vertx, Gate gate, ResponseWriter writer, InstantSource clock) {
    this.vertx = vertx;
    this.gate = gate;
    this.writer = writer;
    this.clock = clock;
  }

  /** Begins to send what comes; the request stays open. */
  void follow(Visit visit) {
    HttpServerResponse response = visit.context().response();
    if (followers.size() >= MOST_FOLLOWERS) {
      ResponseWriter.protect(response);
      response.setStatusCode(503).putHeader("retry-after", "30").end();
      return;
    }
    begin(response).write("retry: 2000\n\n");
    Follower follower = new Follower(visit, response);
    followers.add(follower);
    response.closeHandler(_ -> follower.end());
    response.exceptionHandler(_ -> follower.end());
    // A node that stops waits for requests under way; these would never end by themselves. A
    // connection has one such handler, and in HTTP/2 several streams.
    HttpConnection connection = follower.connection;
    connection.shutdownHandler(
        _ ->
            followers.stream()
                .filter(each -> each.connection == connection)
                .forEach(Follower::end));
    follower.look();
  }

  /** Tells whoever may not follow, or not any more: a browser would ask again and again. */
  static void refuse(HttpServerResponse response) {
    begin(response).end(OVER);
  }

  private static HttpServerResponse begin(HttpServerResponse response) {
    ResponseWriter.protect(response);
    return response
        .setChunked(true)
        .putHeader("content-type", "text/event-stream")
        .putHeader("x-accel-buffering", "no");
  }

  /** One reader. Belongs to the event loop of its connection. */
  private final class Follower {
    private final Visit visit;
    private final HttpServerResponse response;
    private final HttpConnection connection;
    private final Link wanted;
    private final long endsAt = clock.millis() + LONGEST.toMillis();
    private final Map<String, String> shown = new LinkedHashMap<>();
    private String newest;
    private @Nullable Instant lookedAt;
    private boolean ended;
    private int looks;

    private Follower(Visit visit, HttpServerResponse response) {
      this.visit = visit;
      this.response = response;
      this.connection = visit.context().request().connection();
      this.wanted = visit.link(EventPages.PATH, "type", "status", "source");
      // What a browser has seen on a stream that broke off is newer than the page.
      String seen = visit.headers().get("last-event-id");
      EventId id = EventId.parse(seen == null ? visit.query("after") : seen);
      this.newest = id == null ? "" : id.toString();
      // Of a page without rows all that there is: it would show no more than a look does.
      this.lookedAt = id == null ? null : Instant.ofEpochMilli(UuidV7.epochMillis(id.value()));
    }

    private void end() {
      if (!ended) {
        ended = true;
        followers.remove(this);
        if (!response.ended() && !response.closed()) {
          response.end();
        }
      }
    }

    private void refuse() {
      if (!ended) {
        response.write(OVER);
        end();
      }
    }

    private void look() {
      if (ended) {
        return;
      }
      if (clock.millis() > endsAt) {
        end();
        return;
      }
      Future<Void> looked = response.writeQueueFull() ? Future.succeededFuture() : read();
      looked.onComplete(
          done -> {
            if (done.failed()) {
              end(); // Postgres is away: the browser asks again until somebody answers
            } else if (!ended) {
              vertx.setTimer(INTERVAL_MILLIS, _ -> look());
            }
          });
    }

    private Future<Void> read() {
      Instant now = clock.instant();
      return gate.isThere(visit)
          .compose(
              there -> {
                if (!there) {
                  refuse();
                  return Future.succeededFuture();
                }
                Map<String, String> query = new HashMap<>(wanted.values());
                Duration back = wanted.narrows() ? BACK_FILTERED : BACK;
                query.put("since", lookedAt == null ? "" : lookedAt.minus(back).toString());
                query.put("limit", Integer.toString(ROWS));
                return visit.get("/v1/events", "", query).map(answer -> send(answer, now));
              });
    }

    private @Nullable Void send(LocalAnswer answer, Instant asked) {
      if (ended || answer.status() == 429 || answer.status() >= 500) {
        return null; // not now: the next look reaches back to the last one
      }
      if (!answer.ok()) {
        refuse();
        return null;
      }
      boolean sent = false;
      for (Item event : new Item(answer.body()).items("data").reversed()) {
        String status = event.text("status");
        if (!status.equals(shown.put(event.text("id"), status))) {
          write(event);
          sent = true;
        }
      }
      lookedAt = asked;
      forget();
      if (++looks % LOOKS_BETWEEN_SIGNS == 0 && !sent) {
        response.write(": still here\n\n");
      }
      return null;
    }

    private void write(Item event) {
      String id = event.text("id");
      if (id.compareTo(newest) > 0) {
        newest = id; // ids are in the order of time
      }
      String row = writer.render("eventRow.jte", Map.of("event", event, "fresh", true));
      StringBuilder message = new StringBuilder("event: row\nid: ").append(newest).append('\n');
      row.lines().forEach(line -> message.append("data: ").append(line).append('\n'));
      response.write(message.append('\n').toString());
    }

    private void forget() {
      var oldest = shown.keySet().iterator();
      for (int i = shown.size(); i > REMEMBERED; i--) {
        oldest.next();
        oldest.remove();
      }
    }
  }
}
