package dev.usher.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * How one event loop reaches Redis: over long-lived, pipelined connections that are made anew when
 * they are lost. Until then nobody waits: what cannot be asked is not known.
 *
 * <p>Lives on one event loop; only {@link #isUp()} and {@link #isWhole()} may be asked from
 * elsewhere. Every command names the key that it is about, since that decides which server of a
 * cluster has to be asked.
 */
public interface RedisLink {
  /**
   * A link to a server, or, where there are several addresses, to the cluster of which they are
   * some.
   *
   * @param uris {@code redis://} or {@code rediss://}
   * @param pipelined the most commands that may be on their way to a server at a time
   */
  static RedisLink to(Vertx vertx, List<String> uris, int pipelined) {
    return uris.size() == 1
        ? new RedisServer(vertx, uris.getFirst(), pipelined)
        : new RedisCluster(vertx, uris, pipelined);
  }

  /** A command about one key. */
  record Keyed(byte[] key, Request command) {}

  /**
   * The values of keys.
   *
   * @param values by the key's place in what was asked; null for a key that is not there
   * @param unanswered of how many keys it is not known whether they are there; their values are
   *     null, too
   */
  record Found(IntFunction<@Nullable Response> values, int unanswered) {}

  /** Begins to connect. Completes after the first try, whether it succeeded or not. */
  Future<Void> open();

  /** Whether any key can be asked for now. */
  boolean isUp();

  /** Whether every key can be asked for now. */
  boolean isWhole();

  /**
   * Asks every server whether it answers; takes the link to one down that does not within a second.
   */
  Future<Void> ping();

  /** Fails when nobody answered in time. */
  Future<Found> get(List<byte[]> keys, long timeoutMillis);

  /** Sends commands, as one write to each server; fails when any fails. */
  Future<Void> batch(List<Keyed> commands, long timeoutMillis);

  /** Sends one command; fails when it is not answered in time. */
  Future<Response> send(Keyed command, long timeoutMillis);

  /** Closes the connections for good. */
  Future<Void> close();
}
