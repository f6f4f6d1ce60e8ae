package dev.usher.deliver;

import dev.usher.event.EndpointId;
import dev.usher.store.RedisLink;
import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;

/**
 * The rate of each endpoint over all nodes, in Redis: {@code usher:rate:} and the endpoint's id.
 * While Redis is away each node takes its share.
 *
 * <p>Lives on one event loop.
 */
public final class RedisEndpointRates implements EndpointRates {
  private static final String SCRIPT = Sql.read(RedisEndpointRates.class, "reserve.lua");
  private static final String PREFIX = "usher:rate:";
  private static final String MOST_AHEAD = micros(Ahead.MOST.toNanos());
  private static final String FULL = micros(Ahead.FULL.toNanos());

  /** Longer than a look-up of a key may take: who asks here can wait, and Redis may be busy. */
  private static final long TIMEOUT_MILLIS = 250;

  private final RedisLink link;
  private final EndpointRates share;

  /**
   * @param share what this node takes while Redis is away
   */
  public RedisEndpointRates(RedisLink link, EndpointRates share) {
    this.link = link;
    this.share = share;
  }

  @Override
  public Future<Slots> reserve(EndpointId endpoint, int perSecond, int wanted) {
    if (!link.isUp()) {
      return share.reserve(endpoint, perSecond, wanted);
    }
    byte[] key = (PREFIX + endpoint).getBytes(StandardCharsets.US_ASCII);
    Request reserve =
        Request.cmd(Command.EVAL)
            .arg(SCRIPT)
            .arg(1)
            .arg(key)
            .arg(perSecond)
            .arg(wanted)
            .arg(MOST_AHEAD)
            .arg(FULL);
    return link.send(new RedisLink.Keyed(key, reserve), TIMEOUT_MILLIS)
        .map(answer -> slots(answer, perSecond))
        .recover(_ -> share.reserve(endpoint, perSecond, wanted));
  }

  private static Slots slots(Response answer, int perSecond) {
    return new Slots(
        answer.get(0).toInteger(), answer.get(1).toLong() * 1_000, 1_000_000_000L / perSecond);
  }

  private static String micros(long nanos) {
    return Long.toString(nanos / 1_000);
  }
}
