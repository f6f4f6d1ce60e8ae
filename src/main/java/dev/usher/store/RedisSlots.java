package dev.usher.store;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which server of a cluster has which keys. Immutable; it may be asked from any thread. */
final class RedisSlots {
  /** Parts of a cluster's keys (Redis Cluster specification, "Key distribution model"). */
  static final int COUNT = 16_384;

  static final RedisSlots NONE = new RedisSlots(new RedisServer[COUNT]);

  private static final int CRC16_XMODEM = 0x1021;

  private final @Nullable RedisServer[] servers;
  private final Set<RedisServer> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
  private final boolean complete;

  /**
   * @param servers by slot; null where nobody has it
   */
  RedisSlots(@Nullable RedisServer[] servers) {
    this.servers = servers.clone();
    boolean all = true;
    for (RedisServer server : servers) {
      if (server == null) {
        all = false;
      } else {
        distinct.add(server);
      }
    }
    complete = all;
  }

  /** Who has this key now, as far as is known; null where nobody does, or it is away. */
  @Nullable RedisServer serverOf(byte[] key) {
    RedisServer server = servers[slotOf(key)];
    return server != null && server.isUp() ? server : null;
  }

  Collection<RedisServer> servers() {
    return Collections.unmodifiableCollection(distinct);
  }

  boolean isUp() {
    return distinct.stream().anyMatch(RedisServer::isUp);
  }

  boolean isWhole() {
    return complete && distinct.stream().allMatch(RedisServer::isUp);
  }

  /**
   * The slot of a key: of what stands between its first brace and the next closing one, where that
   * is anything (the specification's "Hash tags"); otherwise of all of it.
   */
  static int slotOf(byte[] key) {
    int open = indexOf(key, '{', 0);
    int close = open < 0 ? -1 : indexOf(key, '}', open + 1);
    return close > open + 1
        ? crc16(Arrays.copyOfRange(key, open + 1, close)) % COUNT
        : crc16(key) % COUNT;
  }

  private static int indexOf(byte[] key, char wanted, int from) {
    for (int i = from; i < key.length; i++) {
      if (key[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static int crc16(byte[] bytes) {
    int crc = 0;
    for (byte next : bytes) {
      crc ^= (next & 0xff) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : (crc << 1) ^ CRC16_XMODEM;
      }
    }
    return crc & 0xffff;
  }
}
