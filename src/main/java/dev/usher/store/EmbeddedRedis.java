package dev.usher.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Redis server on a free port of the loopback address. It keeps nothing on disk: Redis only
 * remembers what Postgres decided, and may forget it at any time.
 *
 * <p>It makes itself a daemon in a session of its own, so Ctrl-C does not reach it.
 */
public final class EmbeddedRedis {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedRedis.class);

  private static final int START_ATTEMPTS = 5;
  private static final Duration START_PATIENCE = Duration.ofSeconds(20);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);
  private static final int PING_TIMEOUT_MILLIS = 2_000;

  private final EmbeddedBinaries binaries;
  private final Path directory;
  private final Path configuration;
  private final Path logFile;
  private final Path pidFile;
  private final String password;
  private int port;

  EmbeddedRedis(DataDirectory data, EmbeddedBinaries binaries) {
    this.binaries = binaries;
    this.directory = data.path().resolve("redis");
    this.configuration = directory.resolve("redis.conf");
    this.logFile = directory.resolve("redis.log");
    this.pidFile = directory.resolve("redis.pid");
    // Whoever could write here could have a new event taken for a duplicate, and so lose it.
    this.password = data.secret("redis.password", Base64.getUrlEncoder().withoutPadding());
  }

  /**
   * Starts the server and returns when it answers. A server that a killed gateway left behind is
   * stopped first. The port of an earlier start is kept.
   *
   * @throws StoreFailure with what the server said when it does not start
   */
  public void start() {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      if (running() != null) {
        log.info("stopping Redis (process {}), left by a gateway that was killed", pid());
        stop();
      }
      for (int attempt = 1; ; attempt++) {
        int candidate = port == 0 ? EmbeddedPostgres.freePort() : port;
        String fault = launch(candidate);
        if (fault == null) {
          port = candidate;
          return;
        }
        if (attempt == START_ATTEMPTS || !fault.contains("Could not create server TCP")) {
          throw new StoreFailure("the embedded Redis did not start: " + fault);
        }
      }
    } catch (IOException e) {
      throw new StoreFailure("the embedded Redis did not start: " + e.getMessage(), e);
    }
  }

  /** Where it listens, with its password. */
  public String uri() {
    return "redis://:%s@127.0.0.1:%d".formatted(password, port);
  }

  /** The id of the server's process; 0 while there is none. */
  public long pid() {
    ServerProcess server = running();
    return server == null ? 0 : server.pid();
  }

  /** Stops the server and waits for its end. Does nothing where it does not run. */
  public void stop() {
    ServerProcess server = running();
    if (server == null) {
      return;
    }
    server.handle().destroy();
    if (!server.awaitEnd(STOP_PATIENCE)) {
      server.handle().destroyForcibly(); // it holds nothing that could be lost
      if (!server.awaitEnd(STOP_PATIENCE)) {
        throw new StoreFailure("the embedded Redis (process " + server.pid() + ") does not stop");
      }
    }
  }

  private @Nullable ServerProcess running() {
    ServerProcess server = ServerProcess.named(pidFile);
    return server != null && server.wasStartedWith(configuration) ? server : null;
  }

  /** Starts it on a port; null when it answers, else what it said. */
  private @Nullable String launch(int candidate) throws IOException {
    Files.deleteIfExists(pidFile);
    Files.deleteIfExists(logFile);
    DataDirectory.writePrivately(
        configuration,
        """
        # Written by Usher at every start.
        bind 127.0.0.1
        port %d
        requirepass %s
        daemonize yes
        dir "%s"
        pidfile "%s"
        logfile "%s"
        save ""
        appendonly no
        maxmemory 256mb
        maxmemory-policy allkeys-lru
        # With its arguments kept in sight a later start can tell it from other programs.
        set-proc-title no
        """
            .formatted(candidate, password, directory, pidFile, logFile));
    Command start = Command.run(List.of(binaries.redis().toString(), configuration.toString()));
    if (start.exitCode() != 0) {
      return start.output();
    }
    boolean ready =
        ServerProcess.await(
            START_PATIENCE, () -> answers(candidate) || logged().contains("# Failed"));
    return ready && running() != null && answers(candidate) ? null : logged();
  }

  private String logged() {
    try {
      return Files.exists(logFile) ? Files.readString(logFile).strip() : "";
    } catch (IOException e) {
      return "";
    }
  }

  private boolean answers(int candidate) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), candidate)) {
      socket.setSoTimeout(PING_TIMEOUT_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write(("AUTH " + password + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String expected = "+OK\r\n+PONG\r\n";
      byte[] answer = in.readNBytes(expected.length());
      return new String(answer, StandardCharsets.US_ASCII).equals(expected);
    } catch (IOException e) {
      return false;
    }
  }
}
