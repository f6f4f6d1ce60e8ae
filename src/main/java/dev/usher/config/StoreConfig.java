package dev.usher.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where events are kept.
 *
 * @param postgresUri {@code postgresql://user:password@host:port/database}; null for the embedded
 *     one
 * @param redisUris {@code redis://…} or {@code rediss://…}; several, up to 32, are addresses of a
 *     cluster and differ in host and port only; empty for the embedded one
 * @param dataDirectory where the embedded stores and generated keys live
 * @param postgresConnections the pool of everything but the journal, leases and claims, 1 to 100
 */
public record StoreConfig(
    @Nullable URI postgresUri,
    List<String> redisUris,
    Path dataDirectory,
    int postgresConnections) {
  static final String POSTGRES_EXPECTED =
      "postgresql://user:password@host:port/database (special characters percent-encoded)";
  static final String REDIS_EXPECTED =
      "redis://host:port or rediss://host:port (special characters percent-encoded); of a cluster"
          + " 2 to 32 such addresses that differ in host and port only and name no database";

  private static final int MOST_ADDRESSES = 32;

  public StoreConfig {
    redisUris = List.copyOf(redisUris);
    // Both carry passwords: a fault never shows their values.
    new Limits()
        .that(isPostgres(postgresUri), "postgres.uri", "(hidden)", POSTGRES_EXPECTED)
        .that(areRedis(redisUris), "redis.uri", "(hidden)", REDIS_EXPECTED)
        .between("postgres.connections", postgresConnections, 1, 100)
        .check();
  }

  /** Whether the stores are started by the gateway itself. */
  public boolean isEmbedded() {
    return postgresUri == null;
  }

  // User and database must be there: the client would silently take "user" and "db".
  private static boolean isPostgres(@Nullable URI uri) {
    if (uri == null) {
      return true;
    }
    String user = uri.getUserInfo();
    String path = uri.getPath();
    return List.of("postgresql", "postgres").contains(scheme(uri))
        && uri.getHost() != null
        && uri.getPort() != 0
        && uri.getPort() <= 65_535
        && user != null
        && !user.isEmpty()
        && !user.startsWith(":")
        && path != null
        && path.length() > 1;
  }

  private static boolean areRedis(List<String> uris) {
    return uris.size() <= MOST_ADDRESSES
        && uris.stream().allMatch(StoreConfig::isRedis)
        && (uris.size() <= 1 || uris.stream().map(StoreConfig::way).distinct().count() == 1)
        && (uris.size() <= 1 || uris.stream().noneMatch(StoreConfig::namesDatabase));
  }

  /** How one gets in: all servers of a cluster have the same. */
  private static String way(String redis) {
    URI uri = URI.create(redis);
    return uri.getScheme() + "://" + uri.getRawUserInfo();
  }

  /** A cluster has but one. */
  private static boolean namesDatabase(String redis) {
    URI uri = URI.create(redis);
    return uri.getRawPath().length() > 1 || uri.getRawQuery() != null;
  }

  private static boolean isRedis(String text) {
    try {
      URI uri = URI.create(text);
      return (text.startsWith("redis://") || text.startsWith("rediss://"))
          && uri.getHost() != null
          && uri.getPort() != 0
          && uri.getPort() <= 65_535;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String scheme(URI uri) {
    return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
  }

  /** Shows neither users nor passwords. */
  @Override
  public String toString() {
    return "StoreConfig[postgres="
        + (postgresUri == null ? "embedded" : postgresUri.getHost() + postgresUri.getPath())
        + ", redis="
        + (redisUris.isEmpty()
            ? "embedded"
            : redisUris.stream().map(uri -> URI.create(uri).getHost()).toList())
        + ", dataDirectory="
        + dataDirectory
        + ", postgresConnections="
        + postgresConnections
        + "]";
  }
}
