package dev.usher.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Redis cluster: a connection to each master, and to each address that was given. Which master
 * has which keys is asked for every few seconds, and at once when one says that a key is not its
 * own.
 *
 * <p>No command is sent a second time to where a redirection points: what Redis does not answer is
 * not known, and Postgres decides. While slots are moved, commands that go to their old master in
 * one write with such a key are not answered either.
 */
final class RedisCluster implements RedisLink {
  private static final Logger LOG = LoggerFactory.getLogger(RedisCluster.class);

  /** A fail-over is noticed after this long where no key of the lost master is asked for. */
  private static final long REFRESH_MILLIS = 5_000;

  /** From one answer that a key is elsewhere to the next question where. */
  private static final long SOONEST_MILLIS = 200;

  private static final long ANSWER_MILLIS = 1_000;

  private final Vertx vertx;
  private final URI like;
  private final int pipelined;
  private final Map<String, RedisServer> servers = new LinkedHashMap<>(); // by host and port
  private final Set<String> seeds;
  private volatile RedisSlots slots = RedisSlots.NONE;
  private @Nullable Future<Void> refreshing;
  private long timer = -1;
  private boolean soon;
  private boolean closed;

  /**
   * @param uris of some of its servers, which differ in host and port only
   * @param pipelined the most commands that may be on their way to a server at a time
   */
  RedisCluster(Vertx vertx, List<String> uris, int pipelined) {
    this.vertx = vertx;
    this.like = URI.create(uris.getFirst());
    this.pipelined = pipelined;
    for (String uri : uris) {
      URI seed = URI.create(uri);
      server(seed.getHost(), seed.getPort() < 0 ? 6379 : seed.getPort());
    }
    this.seeds = Set.copyOf(servers.keySet());
  }

  private RedisServer server(String host, int port) {
    String authority =
        (host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host) + ":" + port;
    return servers.computeIfAbsent(
        authority,
        _ -> {
          String user = like.getRawUserInfo() == null ? "" : like.getRawUserInfo() + "@";
          return new RedisServer(vertx, like.getScheme() + "://" + user + authority, pipelined);
        });
  }

  @Override
  public Future<Void> open() {
    timer = vertx.setPeriodic(REFRESH_MILLIS, _ -> refresh());
    return Future.join(servers.values().stream().map(RedisServer::open).toList())
        .compose(_ -> refresh());
  }

  /** Asks who has which keys; never fails. */
  private Future<Void> refresh() {
    Future<Void> underWay = refreshing;
    if (underWay != null) {
      return underWay;
    }
    Future<Void> asked =
        ask(List.copyOf(servers.values()).iterator())
            .compose(this::use)
            .recover(
                failure -> {
                  LOG.debug("Who has which keys of the Redis cluster is not known", failure);
                  return Future.succeededFuture();
                });
    refreshing = asked;
    asked.onComplete(_ -> refreshing = null);
    return asked;
  }

  private Future<Response> ask(Iterator<RedisServer> candidates) {
    while (candidates.hasNext()) {
      RedisServer candidate = candidates.next();
      if (candidate.isUp()) {
        return candidate
            .send(Request.cmd(Command.CLUSTER).arg("SLOTS"), ANSWER_MILLIS)
            .recover(_ -> ask(candidates));
      }
    }
    return Future.failedFuture("no server of the cluster can be asked");
  }

  /**
   * Uses who has which keys from now on, and closes the connections to who has none any more.
   *
   * @param ranges first slot, last slot, and the master's host and port first of the rest
   */
  private Future<Void> use(Response ranges) {
    if (closed) {
      return Future.succeededFuture();
    }
    @Nullable RedisServer[] bySlot = new RedisServer[RedisSlots.COUNT];
    List<Future<Void>> opened = new ArrayList<>();
    for (Response range : ranges) {
      Response master = range.get(2);
      int known = servers.size();
      RedisServer server = server(host(master), master.get(1).toInteger());
      if (servers.size() > known) {
        opened.add(server.open());
      }
      for (int slot = range.get(0).toInteger(); slot <= range.get(1).toInteger(); slot++) {
        bySlot[slot] = server;
      }
    }
    RedisSlots next = new RedisSlots(bySlot);
    return Future.join(opened)
        .onComplete(
            _ -> {
              slots = next;
              closeAllBut(next);
            })
        .mapEmpty();
  }

  /** A server that does not know its own address leaves it out: then it is the one given. */
  private String host(Response master) {
    String host = master.get(0) == null ? "" : master.get(0).toString();
    return host.isEmpty() || host.equals("?") ? like.getHost() : host;
  }

  private void closeAllBut(RedisSlots used) {
    servers
        .entrySet()
        .removeIf(
            server -> {
              boolean unused =
                  !seeds.contains(server.getKey()) && !used.servers().contains(server.getValue());
              if (unused) {
                server.getValue().close();
              }
              return unused;
            });
  }

  /** A key that is elsewhere: somebody else has it now. */
  private void noticed(Throwable failure) {
    String said = String.valueOf(failure.getMessage());
    if ((said.startsWith("MOVED") || said.startsWith("CLUSTERDOWN")) && !soon && !closed) {
      soon = true;
      vertx.setTimer(
          SOONEST_MILLIS,
          _ -> {
            soon = false;
            refresh();
          });
    }
  }

  @Override
  public boolean isUp() {
    return slots.isUp();
  }

  @Override
  public boolean isWhole() {
    return slots.isWhole();
  }

  @Override
  public Future<Void> ping() {
    RedisSlots now = slots;
    return now.isUp()
        ? Future.join(now.servers().stream().map(RedisServer::ping).toList()).mapEmpty()
        : Future.failedFuture("the Redis cluster is away");
  }

  @Override
  public Future<Found> get(List<byte[]> keys, long timeoutMillis) {
    Map<RedisServer, List<Integer>> places = places(keys, Function.identity());
    @Nullable Response[] values = new Response[keys.size()];
    int[] answered = {0};
    List<Future<?>> parts = new ArrayList<>(places.size());
    places.forEach(
        (server, asked) -> {
          List<Request> commands =
              asked.stream().map(i -> Request.cmd(Command.GET).arg(keys.get(i))).toList();
          parts.add(
              server
                  .send(commands, timeoutMillis)
                  .onFailure(this::noticed)
                  .onSuccess(
                      found -> {
                        answered[0] += found.size();
                        for (int i = 0; i < found.size(); i++) {
                          values[asked.get(i)] = found.get(i);
                        }
                      }));
        });
    return Future.join(parts)
        .transform(
            _ ->
                answered[0] == 0
                    ? Future.failedFuture("no server of the Redis cluster answered")
                    : Future.succeededFuture(new Found(i -> values[i], keys.size() - answered[0])));
  }

  @Override
  public Future<Void> batch(List<Keyed> commands, long timeoutMillis) {
    Map<RedisServer, List<Integer>> places = places(commands, Keyed::key);
    List<Future<?>> parts = new ArrayList<>(places.size());
    places.forEach(
        (server, sent) ->
            parts.add(
                server
                    .send(sent.stream().map(i -> commands.get(i).command()).toList(), timeoutMillis)
                    .onFailure(this::noticed)));
    return Future.join(parts).mapEmpty();
  }

  /**
   * Where each of {@code all} has to be asked; who is asked of somebody who is away is left out.
   */
  private <T> Map<RedisServer, List<Integer>> places(List<T> all, Function<T, byte[]> key) {
    RedisSlots now = slots;
    Map<RedisServer, List<Integer>> places = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      RedisServer server = now.serverOf(key.apply(all.get(i)));
      if (server != null) {
        places.computeIfAbsent(server, _ -> new ArrayList<>()).add(i);
      }
    }
    return places;
  }

  @Override
  public Future<Response> send(Keyed command, long timeoutMillis) {
    RedisServer server = slots.serverOf(command.key());
    return server == null
        ? Future.failedFuture("the key's server in the Redis cluster is away")
        : server.send(command.command(), timeoutMillis).onFailure(this::noticed);
  }

  @Override
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    return Future.join(servers.values().stream().map(RedisServer::close).toList()).mapEmpty();
  }
}
