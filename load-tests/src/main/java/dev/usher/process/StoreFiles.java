package dev.usher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the data directory of a gateway tells of its embedded stores: so another gateway can share
 * them, and this process ask them.
 */
public record StoreFiles(Path data) {
  private static final String USER = "usher";
  private static final String DATABASE = "postgres";
  // The fourth line of postmaster.pid (the server's manual, "postmaster.pid").
  private static final int PORT_LINE = 3;

  /** The address of Postgres as a gateway takes it. */
  public String postgresUri() throws IOException {
    return "postgresql://%s:%s@127.0.0.1:%s/%s?sslmode=disable"
        .formatted(USER, postgresPassword(), postgresPort(), DATABASE);
  }

  /** The address of Postgres as its JDBC driver takes it. */
  public String postgresJdbcUrl() throws IOException {
    return "jdbc:postgresql://127.0.0.1:%s/%s?user=%s&password=%s"
        .formatted(postgresPort(), DATABASE, USER, postgresPassword());
  }

  private String postgresPort() throws IOException {
    return Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(PORT_LINE).strip();
  }

  private String postgresPassword() throws IOException {
    return Files.readString(data.resolve("postgres.password")).strip();
  }

  /** The address of Redis as a gateway takes it. */
  public String redisUri() throws IOException {
    String port =
        Files.readAllLines(data.resolve("redis/redis.conf")).stream()
            .filter(line -> line.startsWith("port "))
            .findFirst()
            .orElseThrow(() -> new ProcessFailure("the embedded Redis has no port"))
            .substring("port ".length());
    return "redis://:%s@127.0.0.1:%s"
        .formatted(Files.readString(data.resolve("redis.password")).strip(), port.strip());
  }

  /** The key that a gateway needs to read the secrets that are stored there. */
  public String masterKey() throws IOException {
    return Files.readString(data.resolve("master.key")).strip();
  }
}
