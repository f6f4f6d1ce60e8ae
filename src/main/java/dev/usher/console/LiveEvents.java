package dev.usher.console;

import dev.usher.control.LocalApi.LocalAnswer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets readers follow events as they come (server-sent events). Each follower is a look at the
 * newest events once a second, the same call that the list makes, so that it ends with the right to
 * make it.
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
  private static final Duration BACK = Duration.ofSeconds(15);

  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final int LOOKS_BETWEEN_SIGNS = 15;

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

  /** How many follow on this node. */
  int followers() {
    return followers.size();
  }

  /** Begins to send what comes; the request stays open. */
  void follow(Visit visit) {
    HttpServerResponse response = visit.context().response();
    ResponseWriter.protect(response);
    if (followers.size() >= MOST_FOLLOWERS) {
      response.setStatusCode(503).putHeader("retry-after", "30").end();
      return;
    }
    response
        .setChunked(true)
        .putHeader("content-type", "text/event-stream")
        .putHeader("x-accel-buffering", "no")
        .write("retry: 2000\n\n");
    Follower follower = new Follower(visit, response);
    followers.add(follower);
    response.closeHandler(_ -> follower.end());
    response.exceptionHandler(_ -> follower.end());
    // A node that stops waits for requests under way; this one would never end by itself.
    visit.context().request().connection().shutdownHandler(_ -> follower.end());
    follower.look();
  }

  /** One reader. Belongs to the event loop of its connection. */
  private final class Follower {
    private final Visit visit;
    private final HttpServerResponse response;
    private final Link wanted;
    private final long endsAt = clock.millis() + LONGEST.toMillis();
    private final Map<String, String> shown = new LinkedHashMap<>();
    private boolean ended;
    private boolean first = true;
    private int looks;

    private Follower(Visit visit, HttpServerResponse response) {
      this.visit = visit;
      this.response = response;
      this.wanted = visit.link(EventPages.PATH, "type", "status", "source");
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
              end();
            } else {
              vertx.setTimer(INTERVAL_MILLIS, _ -> look());
            }
          });
    }

    private Future<Void> read() {
      return gate.isThere(visit)
          .compose(
              there -> {
                if (!there) {
                  end();
                  return Future.succeededFuture();
                }
                Map<String, String> query = new HashMap<>(wanted.values());
                query.put("since", clock.instant().minus(BACK).toString());
                query.put("limit", Integer.toString(ROWS));
                return visit.get("/v1/events", "", query).map(this::send);
              });
    }

    private @Nullable Void send(LocalAnswer answer) {
      if (answer.status() == 503) {
        return null; // Postgres is away for a moment
      }
      if (!answer.ok() || ended) {
        end();
        return null;
      }
      List<Item> newestFirst = new Item(answer.body()).items("data");
      boolean sent = false;
      for (Item event : newestFirst.reversed()) {
        String status = event.text("status");
        boolean news = !status.equals(shown.put(event.text("id"), status));
        // What is on the page already needs no sending.
        if (news && !first) {
          write(event);
          sent = true;
        }
      }
      first = false;
      forget();
      if (++looks % LOOKS_BETWEEN_SIGNS == 0 && !sent) {
        response.write(": still here\n\n");
      }
      return null;
    }

    private void write(Item event) {
      String row = writer.render("eventRow.jte", Map.of("event", event, "fresh", true));
      StringBuilder message = new StringBuilder("event: row\n");
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
