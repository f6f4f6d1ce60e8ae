package dev.usher.dedupe;

import dev.usher.config.DedupeConfig;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import dev.usher.store.RedisLink;
import dev.usher.store.RedisLink.Found;
import dev.usher.store.RedisLink.Keyed;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers keys in Redis: {@code usher:} and the 16 bytes of the key's hash, with the first
 * event's id and the hash of its body (32 bytes), for the idempotency window.
 *
 * <p>Look-ups go as one {@code MGET} at a time (to a cluster as one write to each master); while it
 * is on its way the next is gathered. What was committed goes as one pipelined write of {@code
 * SET}s, off the sender's path. One command an event cost about 20 µs of CPU; a batch of 75 costs
 * little more than one command.
 *
 * <p>Lives on one event loop and is not thread-safe.
 */
public final class RedisDeduplicator implements Deduplicator {
  private static final Logger LOG = LoggerFactory.getLogger(RedisDeduplicator.class);
  private static final byte[] PREFIX = {'u', 's', 'h', 'e', 'r', ':'};

  /** Keys looked up at once: bounds the time that one command holds Redis. */
  private static final int MOST_KEYS = 512;

  /** Commits not yet told to Redis: beyond this the oldest are forgotten. About 1 MiB. */
  private static final int MOST_UNTOLD = 8_192;

  private final Vertx vertx;
  private final RedisLink link;
  private final long timeoutMillis;
  private final String windowSeconds;
  private final DedupeMetrics metrics;

  private List<Lookup> asking = new ArrayList<>();
  private boolean busy; // an MGET is on its way, or begins with this turn's end
  private List<Event> untold = new ArrayList<>();
  private boolean telling;

  private record Lookup(Hash128 key, Consumer<Memory> then) {}

  public RedisDeduplicator(
      Vertx vertx, RedisLink link, DedupeConfig config, DedupeMetrics metrics) {
    this.vertx = vertx;
    this.link = link;
    this.timeoutMillis = config.timeout().toMillis();
    this.windowSeconds = Long.toString(config.window().toSeconds());
    this.metrics = metrics;
  }

  @Override
  public void find(Hash128 keyHash, Consumer<Memory> then) {
    if (!link.isUp()) {
      metrics.unavailable(1);
      then.accept(Memory.Unknown.INSTANCE);
      return;
    }
    asking.add(new Lookup(keyHash, then));
    if (!busy) {
      busy = true;
      vertx.runOnContext(_ -> ask()); // after what else this turn brings
    }
  }

  private void ask() {
    if (asking.isEmpty()) {
      busy = false;
      return;
    }
    List<Lookup> lookups = next();
    List<byte[]> keys = new ArrayList<>(lookups.size());
    for (Lookup lookup : lookups) {
      keys.add(key(lookup.key));
    }
    // A look-up that is late is no look-up: the journal is asked instead, and Redis is left alone
    // for a moment, so that a slow Redis costs one time-out and not one for each event.
    link.get(keys, timeoutMillis)
        .onComplete(
            found -> {
              ask(); // the next goes on its way before this one's events do
              answer(lookups, found);
            },
            _ -> {
              ask();
              metrics.unavailable(lookups.size());
              lookups.forEach(lookup -> tell(lookup, Memory.Unknown.INSTANCE));
            });
  }

  private List<Lookup> next() {
    List<Lookup> lookups = asking;
    if (lookups.size() <= MOST_KEYS) {
      asking = new ArrayList<>(lookups.size());
      return lookups;
    }
    asking = new ArrayList<>(lookups.subList(MOST_KEYS, lookups.size()));
    return new ArrayList<>(lookups.subList(0, MOST_KEYS));
  }

  private void answer(List<Lookup> lookups, Found found) {
    int hits = 0;
    for (int i = 0; i < lookups.size(); i++) {
      Memory memory = memory(found.values().apply(i));
      hits += memory instanceof Memory.Known ? 1 : 0;
      tell(lookups.get(i), memory);
    }
    metrics.found(hits, lookups.size() - found.unanswered() - hits);
    metrics.unavailable(found.unanswered());
  }

  /** Whoever waits runs in here: what goes wrong with one must not keep the others waiting. */
  private static void tell(Lookup lookup, Memory memory) {
    try {
      lookup.then.accept(memory);
    } catch (RuntimeException e) {
      LOG.error("A looked-up key could not be handed on", e);
    }
  }

  private static Memory memory(@Nullable Response value) {
    Buffer bytes = value == null ? null : value.toBuffer();
    if (bytes == null || bytes.length() != 2 * Hash128.BYTES) {
      return Memory.Unknown.INSTANCE; // absent, or not ours: Postgres knows
    }
    return new Memory.Known(
        new EventId(new UUID(bytes.getLong(0), bytes.getLong(8))),
        new Hash128(bytes.getLong(16), bytes.getLong(24)));
  }

  @Override
  public void remember(Event event) {
    if (!link.isUp() || untold.size() >= MOST_UNTOLD) {
      return;
    }
    untold.add(event);
    if (!telling) {
      telling = true;
      vertx.runOnContext(_ -> tell());
    }
  }

  private void tell() {
    List<Event> events = untold;
    untold = new ArrayList<>(events.size());
    List<Keyed> commands = new ArrayList<>(events.size());
    for (Event event : events) {
      byte[] key = key(event.keyHash());
      commands.add(
          new Keyed(
              key,
              Request.cmd(Command.SET).arg(key).arg(value(event)).arg("EX").arg(windowSeconds)));
    }
    link.batch(commands, timeoutMillis).onComplete(_ -> told());
  }

  private void told() {
    if (untold.isEmpty()) {
      telling = false;
    } else {
      tell();
    }
  }

  private static byte[] key(Hash128 hash) {
    byte[] key = new byte[PREFIX.length + Hash128.BYTES];
    System.arraycopy(PREFIX, 0, key, 0, PREFIX.length);
    hash.writeTo(key, PREFIX.length);
    return key;
  }

  private static byte[] value(Event event) {
    byte[] value = new byte[2 * Hash128.BYTES];
    UUID id = event.id().value();
    new Hash128(id.getMostSignificantBits(), id.getLeastSignificantBits()).writeTo(value, 0);
    event.bodyHash().writeTo(value, Hash128.BYTES);
    return value;
  }
}
