package dev.usher.store;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Postgres server on a free port of the loopback address, its data under {@code postgres/} of the
 * data directory. Durable as a production server is; only who knows its password gets in.
 *
 * <p>{@code pg_ctl} starts it in a session of its own, so Ctrl-C, which signals the terminal's
 * whole foreground group and means "shut down now" to Postgres, reaches the gateway alone.
 */
public final class EmbeddedPostgres {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private static final String MAJOR_VERSION = "18";
  private static final String USER = "usher";
  private static final String DATABASE = "postgres";
  private static final int START_ATTEMPTS = 5;

  // Replaying 4 GB of WAL after a crash takes a while on a slow disk; it must not be cut off.
  private static final Duration START_PATIENCE = Duration.ofMinutes(5);
  private static final Duration STOP_PATIENCE = Duration.ofMinutes(1);

  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("listen_addresses", "127.0.0.1"),
          Map.entry("unix_socket_directories", ""),
          Map.entry("max_connections", "100"),
          Map.entry("shared_buffers", sharedBuffersMebibytes() + "MB"),
          Map.entry("fsync", "on"),
          Map.entry("full_page_writes", "on"),
          Map.entry("synchronous_commit", "on"),
          // Checkpoints far apart: each one makes the next write of every page a whole page of WAL.
          Map.entry("max_wal_size", "4GB"),
          Map.entry("checkpoint_timeout", "15min"),
          Map.entry("wal_compression", "off"),
          Map.entry("jit", "off"),
          Map.entry("timezone", "UTC"),
          Map.entry("log_timezone", "UTC"),
          Map.entry("log_checkpoints", "off"),
          // No statement and no row in the log: they hold people's names and addresses.
          Map.entry("log_min_error_statement", "panic"),
          Map.entry("log_error_verbosity", "terse"));

  private final Path data;
  private final Path logFile;
  private final EmbeddedBinaries binaries;
  private final ServerUser user;
  private final Path passwordFile;
  private final String password;
  private final Map<String, String> settings;
  private int port;

  /**
   * @param settings win over our own, for tests
   */
  EmbeddedPostgres(
      DataDirectory directory,
      EmbeddedBinaries binaries,
      ServerUser user,
      Map<String, String> settings) {
    this.data = directory.path().resolve("postgres");
    this.logFile = directory.path().resolve("postgres.log");
    this.binaries = binaries;
    this.user = user;
    this.settings = new TreeMap<>(SETTINGS);
    this.settings.putAll(settings);
    this.passwordFile = directory.path().resolve("postgres.password");
    if (Files.exists(data) && !Files.exists(passwordFile)) {
      throw new StoreFailure(passwordFile + " is missing: restore it from a backup");
    }
    this.password = directory.secret("postgres.password", Base64.getUrlEncoder().withoutPadding());
  }

  /**
   * Starts the server and returns when it answers, after crash recovery where that is needed. A
   * server that a killed gateway left behind is stopped first. The port of an earlier start is
   * kept.
   *
   * @throws StoreFailure with the end of the server's log when it does not start
   */
  public void start() {
    try {
      stopOrphan();
      initialise();
      user.own(data);
      for (int attempt = 1; ; attempt++) {
        int candidate = port == 0 ? freePort() : port;
        String fault = launch(candidate);
        if (fault == null) {
          port = candidate;
          return;
        }
        if (attempt == START_ATTEMPTS || !mayPass(fault)) {
          throw new StoreFailure("the embedded Postgres did not start: " + fault);
        }
      }
    } catch (IOException e) {
      throw new StoreFailure("the embedded Postgres did not start: " + e.getMessage(), e);
    }
  }

  /** Where it listens, with user and password. */
  public String uri() {
    return "postgresql://%s:%s@127.0.0.1:%d/%s?sslmode=disable"
        .formatted(USER, password, port, DATABASE);
  }

  /** The id of the server's process; 0 while there is none. */
  public long pid() {
    ServerProcess server = running();
    return server == null ? 0 : server.pid();
  }

  /**
   * Stops the server: rolls back what is open, writes a checkpoint and waits for its end. Does
   * nothing where it does not run.
   *
   * @throws StoreFailure when it still runs after a minute and then some
   */
  public void stop() {
    ServerProcess server = running();
    if (server == null) {
      return;
    }
    signal("fast");
    if (!server.awaitEnd(STOP_PATIENCE)) {
      log.warn("Postgres (process {}) takes too long to stop; it will recover", server.pid());
      signal("immediate");
      if (!server.awaitEnd(STOP_PATIENCE)) {
        throw new StoreFailure(
            "the embedded Postgres (process " + server.pid() + ") does not stop");
      }
    }
  }

  /**
   * An eighth of the machine's memory, from 128 MiB to 1 GiB. Keys come in no order, so the pages
   * of their index are written again and again while they do not stay in memory. Postgres touches
   * what it uses only.
   */
  private static long sharedBuffersMebibytes() {
    var machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return Math.clamp(machine.getTotalMemorySize() / 8 / 1024 / 1024, 128, 1_024);
  }

  private void signal(String mode) {
    try {
      Command.run(pgCtl("-m", mode, "-W", "stop"));
    } catch (IOException e) {
      throw new StoreFailure("the embedded Postgres cannot be stopped: " + e.getMessage(), e);
    }
  }

  private void stopOrphan() throws IOException {
    ServerProcess server = running();
    if (server != null) {
      log.info("stopping Postgres (process {}), left by a gateway that was killed", server.pid());
      stop();
    }
    // What is left of the file names a server that died, and Postgres gives up where that id is
    // still
    // taken: by another program, or by the dead server itself until its parent reaps it. Two
    // servers on
    // one directory remain impossible: we hold its lock, and Postgres its shared memory's key.
    Files.deleteIfExists(pidFile());
  }

  private @Nullable ServerProcess running() {
    ServerProcess server = ServerProcess.named(pidFile());
    return server != null && server.wasStartedWith(data) ? server : null;
  }

  private Path pidFile() {
    return data.resolve("postmaster.pid");
  }

  // Made aside and then renamed: a start that was cut off leaves nothing that looks complete.
  private void initialise() throws IOException {
    if (Files.exists(data)) {
      String version = Files.readString(data.resolve("PG_VERSION")).strip();
      if (!version.equals(MAJOR_VERSION)) {
        throw new StoreFailure(
            "%s was written by Postgres %s, and this is %s: dump it with the former version of Usher"
                .formatted(data, version, MAJOR_VERSION));
      }
      return;
    }
    Path draft = data.resolveSibling("postgres.new");
    EmbeddedBinaries.delete(draft);
    Files.createDirectory(draft);
    user.own(draft);
    List<String> line = new ArrayList<>(List.of(program("initdb"), "-D", draft.toString()));
    line.addAll(List.of("-U", USER, "--pwfile=" + passwordFile, "--auth=scram-sha-256"));
    line.addAll(List.of("--encoding=UTF8", "--no-locale", "--no-instructions"));
    line.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
    Command.run(user.line(line)).orFail("initdb");
    Files.move(draft, data, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Starts it on a port; null when it answers, else what its log says. */
  private @Nullable String launch(int candidate) throws IOException {
    StringBuilder text = new StringBuilder("# Written by Usher at every start.\n");
    text.append("port = ").append(candidate).append('\n');
    settings.forEach((name, value) -> text.append("%s = '%s'\n".formatted(name, value)));
    Files.writeString(data.resolve("postgresql.conf"), text);
    Files.deleteIfExists(logFile);
    long patience = START_PATIENCE.toSeconds();
    Command start =
        Command.run(pgCtl("-l", logFile.toString(), "-w", "-t", Long.toString(patience), "start"));
    if (start.exitCode() == 0) {
      return null;
    }
    return start.output() + "\n" + (Files.exists(logFile) ? Files.readString(logFile).strip() : "");
  }

  // Somebody took the port meanwhile, or the last children of a killed server are still going.
  private static boolean mayPass(String fault) {
    return fault.contains("could not bind") || fault.contains("is still in use");
  }

  private List<String> pgCtl(String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(program("pg_ctl"), "-D", data.toString()));
    line.addAll(List.of(arguments));
    return user.line(line);
  }

  private String program(String name) throws IOException {
    return binaries.postgres().resolve("bin").resolve(name).toString();
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
