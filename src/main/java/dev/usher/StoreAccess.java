package dev.usher;

import dev.usher.store.PostgresUri;
import java.util.List;

/**
 * Where the stores are, and the keys that belong to them.
 *
 * @param redis {@code redis://} or {@code rediss://}; several of a cluster
 * @param adminKey opens the whole management API
 * @param masterKeys of 32 bytes each: the first encrypts stored secrets, the others only decrypt
 *     what they encrypted before
 */
public record StoreAccess(
    PostgresUri postgres, List<String> redis, String adminKey, List<byte[]> masterKeys) {
  @Override
  public String toString() {
    return "StoreAccess[" + postgres.place() + "]"; // the rest are secrets
  }
}
