package dev.usher.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A server that runs detached from the process that started it, in a session of its own: Ctrl-C,
 * which signals the whole foreground process group, does not reach it, and it outlives a gateway
 * that was killed. It is found again by its pid file.
 */
record ServerProcess(ProcessHandle handle) {
  private static final Duration POLL = Duration.ofMillis(5);

  /** The process whose id stands on the first line of {@code pidFile}; null where none is alive. */
  static @Nullable ServerProcess named(Path pidFile) {
    try {
      List<String> lines = Files.exists(pidFile) ? Files.readAllLines(pidFile) : List.of();
      if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,18}")) {
        return null;
      }
      return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
          .map(ServerProcess::new)
          .filter(ServerProcess::isAlive)
          .orElse(null);
    } catch (IOException e) {
      throw DataDirectory.unusable(pidFile, e);
    }
  }

  long pid() {
    return handle.pid();
  }

  /**
   * Whether {@code path} is one of its arguments: ids are used again, so an id alone proves
   * nothing.
   */
  boolean wasStartedWith(Path path) {
    String[] arguments = handle.info().arguments().orElse(new String[0]);
    return Arrays.asList(arguments).contains(path.toString());
  }

  /** Whether it runs. A process that ended but was not yet reaped by its parent does not. */
  boolean isAlive() {
    return handle.isAlive() && !isZombie();
  }

  // In a container the gateway can be process 1, which inherits the detached servers but reaps only
  // processes that it started itself.
  private boolean isZombie() {
    Path stat = Path.of("/proc", Long.toString(pid()), "stat");
    try {
      String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
      return text.startsWith("Z", text.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return false; // not Linux, or gone since
    }
  }

  /** Waits for its end; false when it still runs after {@code patience}. */
  boolean awaitEnd(Duration patience) {
    return await(patience, () -> !isAlive());
  }

  /**
   * Asks {@code condition} every few milliseconds; false when it did not hold within {@code
   * patience}.
   */
  static boolean await(Duration patience, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return condition.getAsBoolean();
      }
    }
    return true;
  }
}
