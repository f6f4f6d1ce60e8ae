package dev.usher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The processes that this run has started, and the directories they work in. Each process is ended
 * by its own id and each directory deleted, at the latest when this JVM ends, also on Ctrl-C.
 */
public final class ChildProcesses implements AutoCloseable {
  // Above the gateway's own shutdown grace of 30 s, so that it is killed only when it hangs.
  private static final long TERMINATION_SECONDS = 40;

  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private final Set<Path> directories = ConcurrentHashMap.newKeySet();
  private final Thread onExit = new Thread(this::endAll, "end-child-processes");

  public ChildProcesses() {
    Runtime.getRuntime().addShutdownHook(onExit);
  }

  /**
   * Starts a process whose output and errors go to {@code log}. Its standard input stays open until
   * this JVM ends, however it ends.
   */
  public Process start(ProcessBuilder builder, Path log) throws IOException {
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
            .start();
    running.add(process);
    return process;
  }

  /** Asks the process to end (SIGTERM), waits, and kills it when it has not after 40 s. */
  public void end(Process process) {
    process.destroy();
    try {
      if (!process.waitFor(TERMINATION_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    running.remove(process);
  }

  /** An empty directory below {@code parent}, with an absolute path. */
  public Path temporaryDirectory(Path parent, String prefix) throws IOException {
    Path absolute = Files.createDirectories(parent).toRealPath();
    Path directory = Files.createTempDirectory(absolute, prefix);
    directories.add(directory);
    return directory;
  }

  /** Deletes such a directory with all that is in it; the processes in it must have ended. */
  public void delete(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      List<Path> deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      System.err.println("could not delete " + directory + ": " + e.getMessage());
    }
    directories.remove(directory);
  }

  /** Ends all that still run, then deletes the directories that are left. */
  @Override
  public void close() {
    endAll();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException alreadyShuttingDown) {
      // The hook itself is what ends them now.
    }
  }

  private void endAll() {
    running.forEach(Process::destroy);
    running.forEach(this::end);
    directories.forEach(this::delete);
  }
}
