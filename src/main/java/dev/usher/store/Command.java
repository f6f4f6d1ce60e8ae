package dev.usher.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A short command that was run to its end.
 *
 * @param output what it printed, both streams together
 */
record Command(int exitCode, String output) {

  /**
   * Runs a command and waits for its end.
   *
   * @throws IOException when there is no such program
   */
  static Command run(List<String> line) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PG")); // PGPORT and its like would win
    environment.put("LC_ALL", "C");
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return new Command(process.waitFor(), output);
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + line.getFirst(), e);
    }
  }

  /** Whether a command can be run here and ends well. */
  static boolean succeeds(String... line) {
    try {
      return run(List.of(line)).exitCode() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Fails with what the command printed where it did not end well. */
  Command orFail(String what) {
    if (exitCode != 0) {
      throw new StoreFailure(what + " failed with " + exitCode + ": " + output);
    }
    return this;
  }
}
