package dev.usher.bench;

import dev.usher.bare.BareVertx;
import dev.usher.bare.Receiver;
import dev.usher.process.Await;
import dev.usher.process.ChildProcesses;
import dev.usher.process.JavaCommand;
import dev.usher.process.LogTail;
import dev.usher.process.ProcessFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One of the bench's own servers in a process of its own.
 *
 * @param ports those that it printed, in its order
 */
record BareProcess(ChildProcesses children, Process process, List<Integer> ports, Path log)
    implements AutoCloseable {
  private static final Duration START_BOUND = Duration.ofSeconds(30);

  // A bit for each event and endpoint, and what bodies of 64 KiB need while they arrive.
  private static final List<String> RECEIVER_MEMORY = List.of("-Xms512m", "-Xmx512m");

  /**
   * Starts a server with the memory and the options of every server under test and waits until it
   * serves.
   *
   * @throws ProcessFailure when it does not within 30 s; with the end of its log
   */
  static BareProcess start(
      ChildProcesses children, Path work, Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    return start(children, work, JavaCommand.SERVER_MEMORY, main, arguments);
  }

  /** Starts a receiver, which is not under test, in the same way. */
  static BareProcess startReceiver(ChildProcesses children, Path work)
      throws IOException, InterruptedException {
    return start(children, work, RECEIVER_MEMORY, Receiver.class, List.of());
  }

  private static BareProcess start(
      ChildProcesses children,
      Path work,
      List<String> memory,
      Class<?> main,
      List<String> arguments)
      throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(JavaCommand.NETTY_ACCESS);
    options.addAll(memory);
    List<String> command =
        JavaCommand.of(options, System.getProperty("java.class.path"), main.getName(), arguments);
    Path log = work.resolve(main.getSimpleName() + ".log");
    Process process = children.start(new ProcessBuilder(command), log);
    Await.until(START_BOUND, () -> !process.isAlive() || readyLine(log).findAny().isPresent());
    List<Integer> ports =
        readyLine(log)
            .flatMap(line -> Arrays.stream(line.split(" ", -1)).skip(1))
            .map(Integer::valueOf)
            .toList();
    if (ports.isEmpty()) {
      children.end(process);
      throw new ProcessFailure(main.getSimpleName() + " did not start\n" + LogTail.of(log));
    }
    return new BareProcess(children, process, ports, log);
  }

  private static Stream<String> readyLine(Path log) throws IOException {
    return Files.readAllLines(log).stream().filter(line -> line.startsWith(BareVertx.READY + " "));
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    children.end(process);
  }
}
