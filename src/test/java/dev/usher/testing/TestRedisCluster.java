package dev.usher.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Redis cluster of three masters, each with a replica that takes its place when it is gone: real
 * servers of the system's Redis, on free ports.
 */
public final class TestRedisCluster implements AutoCloseable {
  private static final String PASSWORD = "sesame";
  private static final int SERVERS = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A server that does not answer for this long is lost to the others; a busy machine is slow. */
  private static final int LOST_MILLIS = 5_000;

  private final List<Server> servers = new ArrayList<>();

  private record Server(int port, Process process) {
    String address() {
      return "127.0.0.1:" + port;
    }
  }

  /** Starts it in a directory, and waits until it works. */
  public TestRedisCluster(Path directory) {
    for (int i = 0; i < SERVERS; i++) {
      servers.add(start(directory.resolve("redis" + i)));
    }
    await().atMost(PATIENCE).until(() -> alive().allMatch(s -> cli(s, "ping").contains("PONG")));
    List<String> create = new ArrayList<>(List.of("--cluster", "create"));
    servers.forEach(server -> create.add(server.address()));
    create.addAll(List.of("--cluster-replicas", "1", "--cluster-yes"));
    cli(servers.getFirst(), create.toArray(String[]::new));
    awaitWhole();
  }

  private static Server start(Path directory) {
    try {
      Files.createDirectory(directory);
      int port = freePort();
      Process process =
          new ProcessBuilder(
                  ("redis-server --bind 127.0.0.1 --port "
                          + port
                          + " --cluster-enabled yes --cluster-node-timeout "
                          + LOST_MILLIS
                          + " --cluster-port "
                          + freePort()
                          + " --requirepass sesame --masterauth sesame --dir "
                          + directory)
                      .split(" "))
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
      return new Server(port, process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Stream<Server> alive() {
    return servers.stream().filter(server -> server.process.isAlive());
  }

  /** As {@code USHER_REDIS_URI} takes it. */
  public String uris() {
    return servers.stream()
        .map(server -> "redis://:" + PASSWORD + "@" + server.address())
        .collect(Collectors.joining(","));
  }

  /** The keys that each master has. */
  public List<Integer> keys() {
    return masters().stream().map(master -> Integer.parseInt(cli(master, "dbsize"))).toList();
  }

  private List<Server> masters() {
    return alive().filter(server -> cli(server, "role").startsWith("master")).toList();
  }

  /** Kills a master; its replica takes its place some seconds later. */
  public void killMaster() {
    Server master = masters().getFirst();
    master.process.destroyForcibly().onExit().join();
  }

  /** Moves a quarter of all keys to another master, while it works. */
  public void moveKeys() {
    List<Server> masters = masters();
    cli(
        masters.getFirst(),
        "--cluster",
        "reshard",
        masters.getFirst().address(),
        "--cluster-from",
        cli(masters.getFirst(), "cluster", "myid"),
        "--cluster-to",
        cli(masters.getLast(), "cluster", "myid"),
        "--cluster-slots",
        "4000",
        "--cluster-yes");
    awaitWhole();
  }

  /** Waits until every server that is left knows a master for every key. */
  public void awaitWhole() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                alive().allMatch(s -> cli(s, "cluster", "info").contains("cluster_state:ok"))
                    && masters().size() == 3);
  }

  private static String cli(Server server, String... command) {
    List<String> line =
        new ArrayList<>(
            List.of("redis-cli", "--no-auth-warning", "-a", PASSWORD, "-p", "" + server.port));
    line.addAll(List.of(command));
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      process.waitFor(1, TimeUnit.MINUTES);
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    servers.forEach(server -> server.process.destroyForcibly().onExit().join());
  }
}
