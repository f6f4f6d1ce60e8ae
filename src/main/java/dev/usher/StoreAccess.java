package dev.usher;

import dev.usher.store.PostgresUri;

/**
 * Where the stores are, and the keys that belong to them.
 *
 * @param redis {@code redis://} or {@code rediss://}
 * @param adminKey opens the whole management API
 * @param masterKey 32 bytes that encrypt stored secrets
 */
public record StoreAccess(PostgresUri postgres, String redis, String adminKey, byte[] masterKey) {
  @Override
  public String toString() {
    return "StoreAccess[" + postgres.place() + "]"; // the rest are secrets
  }
}
