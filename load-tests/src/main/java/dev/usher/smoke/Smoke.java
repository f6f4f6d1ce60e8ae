package dev.usher.smoke;

import dev.usher.bare.BareVertx;
import dev.usher.bare.Receiver;
import dev.usher.load.ManagementApi;
import dev.usher.process.Await;
import dev.usher.process.ChildProcesses;
import dev.usher.process.LogTail;
import dev.usher.process.ProcessFailure;
import dev.usher.process.UsherProcess;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Starts a gateway, runs {@code ./load-tests/run steady} against it for 10 s and checks by their
 * ids that all events sent were accepted and delivered. Ends within 90 s, one way or the other.
 */
public final class Smoke {
  private static final int RATE = 50;
  private static final int SECONDS = 10;
  // Loose on purpose: a build shares its machine, and the smoke asks whether it works, not how
  // fast.
  private static final int P99_MILLIS = 2_000;
  private static final int EVENT_LOOPS = 2;
  private static final Duration DELIVERY_BOUND = Duration.ofSeconds(15);
  // Leaves 15 s of the 90 to end what was started.
  private static final Duration BOUND = Duration.ofSeconds(75);

  private final Path loadTests;
  private final Path work;
  private final ChildProcesses children;

  private Smoke(Path repository, ChildProcesses children) throws IOException {
    this.loadTests = repository.resolve("load-tests");
    this.work = Files.createDirectories(loadTests.resolve("target/smoke")).toRealPath();
    this.children = children;
  }

  /** Ends with 0 when every event arrived, with 1 otherwise. */
  public static void main(String[] args) throws Exception {
    endWithin(BOUND);
    int exit = 0;
    Path repository = Path.of(System.getProperty("usher.repository", "."));
    try (ChildProcesses children = new ChildProcesses()) {
      new Smoke(repository, children).run(repository);
    } catch (ProcessFailure failed) {
      System.err.println("smoke: " + failed.getMessage());
      exit = 1;
    } catch (IOException failed) {
      System.err.println("smoke: " + failed);
      exit = 1;
    }
    System.exit(exit);
  }

  private static void endWithin(Duration bound) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                TimeUnit.NANOSECONDS.sleep(bound.toNanos());
                System.err.println("smoke: not done within " + bound.toSeconds() + " s");
                System.exit(1);
              } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void run(Path repository) throws Exception {
    Receiver.Received received = new Receiver.Received();
    Receiver receiver = new Receiver(received);
    Vertx vertx = BareVertx.start(1);
    BareVertx.deploy(vertx, 1, () -> receiver);
    UsherProcess.Settings settings =
        new UsherProcess.Settings(repository, EVENT_LOOPS, List.of(), work, "Usher");
    try (UsherProcess usher = UsherProcess.start(children, settings)) {
      System.out.println("smoke: Usher is ready, sending " + RATE + " events a second");
      try {
        Set<String> accepted = new HashSet<>(load(usher, receiver.port()));
        check(accepted, received);
        System.out.printf(
            "smoke: %d events sent, accepted and delivered (%d requests at the receiver)%n",
            accepted.size(), received.counts().requests());
      } catch (ProcessFailure failure) {
        throw new ProcessFailure(failure.getMessage() + "\n" + LogTail.of(usher.log()));
      }
    } finally {
      vertx.close().await();
    }
  }

  /** Sends the events; the ids of those that were accepted. */
  private List<String> load(UsherProcess usher, int receiverPort)
      throws IOException, InterruptedException {
    try (ManagementApi api = new ManagementApi(usher.control())) {
      ManagementApi.Organization organization = api.createOrganization(usher.adminKey(), "Smoke");
      ManagementApi.Source source = api.createShowpassSource(organization, "Showpass");
      URI hook = URI.create("http://127.0.0.1:" + receiverPort + "/hook");
      api.createEndpoint(organization, "Receiver", hook, OptionalInt.empty());
      return steady(usher.ingress().resolve(source.path()), source.secret());
    }
  }

  private List<String> steady(URI url, String secret) throws IOException, InterruptedException {
    Path accepted = work.resolve("accepted.txt");
    Files.deleteIfExists(accepted);
    ProcessBuilder run =
        new ProcessBuilder(
            loadTests.resolve("run").toString(),
            "steady",
            "--url",
            url.toString(),
            "--secret",
            secret,
            "--rate",
            Integer.toString(RATE),
            "--seconds",
            Integer.toString(SECONDS),
            "--p99",
            Integer.toString(P99_MILLIS),
            "--accepted",
            accepted.toString());
    Path log = work.resolve("run.log");
    Process process = children.start(run, log);
    int exit = process.waitFor();
    children.end(process);
    if (exit != 0) {
      throw new ProcessFailure("run steady ended with " + exit + "\n" + LogTail.of(log));
    }
    return Files.readAllLines(accepted);
  }

  private static void check(Set<String> accepted, Receiver.Received received)
      throws InterruptedException {
    if (accepted.size() != RATE * SECONDS) {
      throw new ProcessFailure(
          "%d events were sent, %d ids came back".formatted(RATE * SECONDS, accepted.size()));
    }
    if (!Await.until(DELIVERY_BOUND, () -> received.ids().containsAll(accepted))) {
      Set<String> missing = new HashSet<>(accepted);
      missing.removeAll(received.ids());
      throw new ProcessFailure(
          "%d of %d accepted events were not delivered within %d s, for example %s"
              .formatted(
                  missing.size(),
                  accepted.size(),
                  DELIVERY_BOUND.toSeconds(),
                  missing.iterator().next()));
    }
    if (!accepted.containsAll(received.ids())) {
      throw new ProcessFailure("the receiver got events that nobody was told are accepted");
    }
  }
}
