package dev.usher.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.store.EmbeddedStores;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/**
 * The real stores, as one test class sees them, and what a test may do to them. Whatever it leaves
 * stopped or paused is put right before the next class.
 *
 * @param postgresUri a database of this class's own, migrated and empty
 * @param redisUri a Redis that was empty before the class began
 * @param servers the servers behind, shared by all classes of this JVM
 */
public record TestStores(String postgresUri, String redisUri, EmbeddedStores servers) {

  /** Stops Postgres as an operator would: clients are disconnected, new ones refused. */
  public void stopPostgres() {
    servers.postgres().stop();
  }

  /** Ends Postgres without warning; {@link #startPostgres} recovers it. */
  public void killPostgres() {
    Signals.send("KILL", servers.postgres().pid());
  }

  /** Starts Postgres again, on the same port and data. */
  public void startPostgres() {
    servers.postgres().start();
  }

  /**
   * Postgres keeps its connections and takes new ones, but answers nothing until it is resumed;
   * then it does what it was asked meanwhile. The postmaster first: no process is begun after it.
   */
  public void pausePostgres() {
    Signals.send("STOP", servers.postgres().pid());
    postgresChildren().forEach(child -> Signals.send("STOP", child.pid()));
  }

  /** Postgres goes on. The postmaster last: no process ends before it has the signal. */
  public void resumePostgres() {
    postgresChildren().forEach(child -> Signals.send("CONT", child.pid()));
    Signals.send("CONT", servers.postgres().pid());
  }

  private Stream<ProcessHandle> postgresChildren() {
    return ProcessHandle.of(servers.postgres().pid()).orElseThrow().descendants().toList().stream()
        .filter(ProcessHandle::isAlive);
  }

  /** Stops Redis: connections are reset, new ones refused. */
  public void stopRedis() {
    resumeRedis(); // a paused process keeps SIGTERM for later
    servers.redis().stop();
  }

  /** Starts Redis again, on the same port, empty. */
  public void startRedis() {
    servers.redis().start();
  }

  /** Makes Redis forget everything. */
  public void flushRedis() {
    URI uri = URI.create(redisUri);
    String password = uri.getUserInfo().substring(1);
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(10_000);
      String commands = "AUTH " + password + "\r\nFLUSHALL\r\n";
      socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes("+OK\r\n+OK\r\n".length());
      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("+OK\r\n+OK\r\n");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Redis keeps its connections and takes new ones, but answers nothing until it is resumed. */
  public void pauseRedis() {
    Signals.send("STOP", servers.redis().pid());
  }

  /** Redis answers again, first what it was asked meanwhile. */
  public void resumeRedis() {
    if (servers.redis().pid() != 0) {
      Signals.send("CONT", servers.redis().pid());
    }
  }
}
