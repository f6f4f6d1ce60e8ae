package dev.usher.smoke;

import dev.usher.process.Await;
import dev.usher.process.ChildProcesses;
import dev.usher.process.LogTail;
import dev.usher.process.ProcessFailure;
import dev.usher.process.UsherProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs every suite for a few seconds against gateways of its own: does all that was sent arrive,
 * and do the suites themselves work? Ends within four minutes, one way or the other.
 */
public final class Smoke {
  // Loose on purpose: a build shares its machine, and the smoke asks whether it works, not how
  // fast.
  private static final String LOOSE =
      " --p99 10000 --delivery-p99 10000 --warmup 1 --seconds 4 --drain 20";
  private static final List<String> SUITES =
      List.of(
          "steady --rate 50" + LOOSE,
          "on-sale --rate 4 --before 1 --ramp 2 --seconds 2 --fall 1 --p99 10000"
              + " --delivery-p99 10000 --drain 20",
          "duplicates --rate 40" + LOOSE,
          "forged --rate 20 --before 2 --forged 200 --kept-ms 10000" + LOOSE,
          "slow-endpoints --rate 10 --before 2 --kept-ms 10000" + LOOSE,
          "fan-out --rate 4" + LOOSE,
          "soak --rate 30 --sample 1 --heap-growth 500 --buffer-growth 100 --descriptor-growth 200"
              + " --p99 10000 --delivery-p99 10000 --warmup 1 --seconds 9 --drain 20");

  // The machine's generator could hardly send three times what a gateway of usual width accepts:
  // this one commits each event by itself, and lets few wait.
  private static final Map<String, String> NARROW =
      Map.of(
          "USHER_JOURNAL_MAX_EVENTS", "1",
          "USHER_JOURNAL_BATCHES_IN_FLIGHT", "1",
          "USHER_JOURNAL_BUFFERED_EVENTS", "16");
  private static final String OVERLOAD =
      "overload --probe 4 --connections 32 --warmup 2 --seconds 4 --offered 20 --goodput 1"
          + " --refused-p99 10000 --drain 30";

  private static final Duration BOUND = Duration.ofMinutes(6);

  private final Path repository;
  private final Path work;
  private final ChildProcesses children;

  private Smoke(Path repository, ChildProcesses children) throws IOException {
    this.repository = repository;
    this.work = Files.createDirectories(repository.resolve("load-tests/target/smoke")).toRealPath();
    this.children = children;
  }

  /** Ends with 0 when all holds in every suite, with 1 otherwise. */
  public static void main(String[] args) throws Exception {
    endWithin(BOUND);
    int exit = 0;
    Path repository = Path.of(System.getProperty("usher.repository", "."));
    try (ChildProcesses children = new ChildProcesses()) {
      Smoke smoke = new Smoke(repository, children);
      smoke.run(Map.of(), 2, SUITES);
      smoke.run(NARROW, 1, List.of(OVERLOAD));
    } catch (ProcessFailure failed) {
      System.err.println("smoke: " + failed.getMessage());
      exit = 1;
    } catch (IOException failed) {
      System.err.println("smoke: " + failed);
      exit = 1;
    }
    System.exit(exit);
  }

  /** Ends this process, and with it its children, when it takes longer than it ever should. */
  private static void endWithin(Duration bound) {
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                Await.until(bound, () -> false);
                System.err.println("smoke: not done within " + bound.toSeconds() + " s");
                System.exit(1);
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void run(Map<String, String> environment, int eventLoops, List<String> suites)
      throws IOException, InterruptedException {
    UsherProcess.Settings settings =
        new UsherProcess.Settings(repository, eventLoops, List.of(), environment, work, "Usher");
    try (UsherProcess usher = UsherProcess.start(children, settings)) {
      System.out.println("smoke: Usher is ready");
      for (String suite : suites) {
        run(usher, List.of(suite.split(" ", -1)));
      }
    }
  }

  private void run(UsherProcess usher, List<String> suite)
      throws IOException, InterruptedException {
    String name = suite.getFirst();
    List<String> command = new ArrayList<>(suite);
    command.addFirst(repository.resolve("load-tests/run").toString());
    command.addAll(
        List.of(
            "--control",
            usher.control().toString(),
            "--admin-key",
            usher.adminKey(),
            "--ingress",
            usher.ingress().toString(),
            "--management",
            usher.management().toString()));
    Path log = work.resolve(name + ".log");
    long begun = System.nanoTime();
    Process process = children.start(new ProcessBuilder(command), log);
    int exit = process.waitFor();
    children.end(process);
    if (exit != 0) {
      throw new ProcessFailure(
          "run %s ended with %d%n%s%n%s"
              .formatted(name, exit, LogTail.of(log), LogTail.of(usher.log())));
    }
    String summary =
        Files.readAllLines(log).stream()
            .filter(line -> line.contains(" events sent, "))
            .findFirst()
            .orElseThrow(() -> new ProcessFailure(name + " gave no summary\n" + LogTail.of(log)));
    System.out.printf(
        "smoke: %-15s %s (%.0f s)%n", name, summary, (System.nanoTime() - begun) / 1e9);
  }
}
