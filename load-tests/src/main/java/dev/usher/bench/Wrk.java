package dev.usher.bench;

import dev.usher.process.ChildProcesses;
import dev.usher.process.ProcessFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The load generator: a closed model, each connection sends its next request when it has the answer
 * to the one before.
 *
 * @param work where the script, the request and wrk's output are written
 */
record Wrk(ChildProcesses children, Path work, int threads, int connections) {
  // Longer than any answer should take: what is slow is to be seen as latency, not as an error.
  private static final String TIMEOUT = "10s";

  /**
   * Sends the request for so many seconds.
   *
   * @param refused whether every answer must be 4xx, and not 2xx
   * @throws ProcessFailure when wrk fails, a connection breaks or an answer is another
   */
  WrkResult run(URI url, WrkRequest request, int seconds, boolean refused)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                "wrk",
                "--threads",
                Integer.toString(threads),
                "--connections",
                Integer.toString(connections),
                "--duration",
                seconds + "s",
                "--timeout",
                TIMEOUT,
                "--script",
                script().toString(),
                url.toString()));
    builder.environment().putAll(request.writeTo(work));
    Path log = work.resolve("wrk.log");
    Process process = children.start(builder, log);
    int exit = process.waitFor();
    children.end(process);
    String output = Files.readString(log);
    if (exit != 0) {
      throw new ProcessFailure("wrk ended with " + exit + ":\n" + output);
    }
    WrkResult result = WrkResult.parse(output);
    long unexpected = refused ? result.requests() - result.failedStatus() : result.failedStatus();
    if (result.socketErrors() > 0 || unexpected > 0 || result.requests() == 0) {
      throw new ProcessFailure("wrk saw failures; nothing of this run counts:\n" + output);
    }
    return result;
  }

  private Path script() throws IOException {
    Path script = work.resolve("showpass.lua");
    try (InputStream in = Wrk.class.getResourceAsStream("showpass.lua")) {
      if (in == null) {
        throw new IllegalStateException("no resource showpass.lua");
      }
      Files.write(script, in.readAllBytes());
    }
    return script;
  }
}
