package dev.usher.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One long-lived, pipelined connection to one Redis server for one event loop. A connection that
 * fails, or leaves a command unanswered for too long, is dropped at once and made anew with growing
 * pauses; until then the link is down and nobody waits for it.
 *
 * <p>Lives on one event loop; only {@link #isUp()} may be asked from elsewhere.
 */
final class RedisServer implements RedisLink {
  private static final Logger LOG = LoggerFactory.getLogger(RedisServer.class);
  private static final long SHORTEST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  /** A new connection has this long to answer its first PING. */
  private static final long GREETING_MILLIS = 1_000;

  private final Vertx vertx;
  private final String place;
  private final RedisOptions options;
  private volatile @Nullable RedisConnection connection;
  private @Nullable Redis client;
  private long pauseMillis = SHORTEST_PAUSE_MILLIS;
  private boolean everUp;
  private boolean closed;

  /**
   * @param uri {@code redis://} or {@code rediss://}
   * @param pipelined the most commands that may be on their way at a time
   */
  RedisServer(Vertx vertx, String uri, int pipelined) {
    this.vertx = vertx;
    this.place = URI.create(uri).getHost() + ":" + URI.create(uri).getPort();
    this.options =
        new RedisOptions()
            .setConnectionString(uri)
            // One name for all: a name of its own for each new connection would never end to grow
            // the meters while Redis is away.
            .setPoolName("usher-redis")
            .setMaxPoolSize(1)
            .setMaxPoolWaiting(1)
            .setPoolCleanerInterval(-1)
            .setPoolRecycleTimeout(-1)
            .setMaxWaitingHandlers(pipelined);
    options.getNetClientOptions().setConnectTimeout((int) GREETING_MILLIS).setTcpNoDelay(true);
  }

  @Override
  public Future<Void> open() {
    Redis opening = Redis.createClient(vertx, options);
    client = opening;
    return within(GREETING_MILLIS, opening.connect())
        .compose(
            connected -> {
              connected.exceptionHandler(failure -> lost(opening, failure));
              connected.endHandler(_ -> lost(opening, new IllegalStateException("it was closed")));
              return within(GREETING_MILLIS, connected.send(Request.cmd(Command.PING)))
                  .map(connected);
            })
        .onSuccess(connected -> up(opening, connected))
        .recover(
            failure -> {
              lost(opening, failure);
              return Future.succeededFuture();
            })
        .mapEmpty();
  }

  @Override
  public boolean isUp() {
    return connection != null;
  }

  @Override
  public boolean isWhole() {
    return isUp();
  }

  @Override
  public Future<Void> ping() {
    return send(Request.cmd(Command.PING), GREETING_MILLIS).mapEmpty();
  }

  @Override
  public Future<Found> get(List<byte[]> keys, long timeoutMillis) {
    Request command = Request.cmd(Command.MGET);
    keys.forEach(command::arg);
    return send(command, timeoutMillis).map(values -> new Found(values::get, 0));
  }

  @Override
  public Future<Void> batch(List<Keyed> commands, long timeoutMillis) {
    return send(commands.stream().map(Keyed::command).toList(), timeoutMillis).mapEmpty();
  }

  @Override
  public Future<Response> send(Keyed command, long timeoutMillis) {
    return send(command.command(), timeoutMillis);
  }

  /** Sends one command; fails when it is not answered in time, and takes the link down then. */
  Future<Response> send(Request command, long timeoutMillis) {
    return use(connected -> connected.send(command), timeoutMillis);
  }

  /** Sends commands as one write; fails when any fails. */
  Future<List<Response>> send(List<Request> commands, long timeoutMillis) {
    return use(connected -> connected.batch(commands), timeoutMillis);
  }

  private <T> Future<T> use(Function<RedisConnection, Future<T>> work, long timeoutMillis) {
    RedisConnection current = connection;
    Redis owner = client;
    if (current == null || owner == null) {
      return Future.failedFuture("Redis is away");
    }
    return within(timeoutMillis, work.apply(current))
        .onFailure(
            failure -> {
              if (failure instanceof TimeoutException) {
                lost(owner, failure);
              }
            });
  }

  private <T> Future<T> within(long millis, Future<T> work) {
    Promise<T> result = Promise.promise();
    long timer =
        vertx.setTimer(
            millis,
            _ -> result.tryFail(new TimeoutException("no answer within " + millis + " ms")));
    work.onComplete(
        done -> {
          vertx.cancelTimer(timer);
          if (done.succeeded()) {
            result.tryComplete(done.result());
          } else {
            result.tryFail(done.cause());
          }
        });
    return result.future();
  }

  private void up(Redis opening, RedisConnection connected) {
    if (client == opening && !closed) {
      connection = connected;
      pauseMillis = SHORTEST_PAUSE_MILLIS;
      if (everUp) {
        LOG.info("Redis at {} is back", place);
      }
      everUp = true;
    }
  }

  private void lost(Redis owner, Throwable failure) {
    if (client != owner || closed) {
      return; // told already
    }
    if (connection != null || pauseMillis == SHORTEST_PAUSE_MILLIS) {
      LOG.warn(
          "Redis at {} is away, events go straight to Postgres: {}", place, failure.toString());
    }
    connection = null;
    client = null;
    owner.close();
    vertx.setTimer(
        pauseMillis,
        _ -> {
          if (!closed) {
            open();
          }
        });
    pauseMillis = Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
  }

  @Override
  public Future<Void> close() {
    closed = true;
    connection = null;
    Redis last = client;
    return last == null ? Future.succeededFuture() : last.close();
  }
}
