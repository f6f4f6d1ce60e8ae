package dev.usher.bench;

import dev.usher.process.ChildProcesses;
import dev.usher.process.LogTail;
import dev.usher.process.ProcessFailure;
import dev.usher.process.StoreFiles;
import dev.usher.process.UsherProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How long {@code ./usher serve} takes from the start of its process until it is ready, with stores
 * that run: those of a second gateway, which does nothing meanwhile. The launcher is the product's
 * own, with whatever archive of classes it keeps from one start to the next; the first starts,
 * which make it, do not count.
 */
final class Starts {
  private static final int UNCOUNTED = 2;
  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final ChildProcesses children;
  private final Path repository;
  private final Path work;
  private final HttpClient client;

  Starts(ChildProcesses children, Path repository, Path work, HttpClient client) {
    this.children = children;
    this.repository = repository;
    this.work = work;
    this.client = client;
  }

  /** Seconds of each start. */
  double[] measure(Setup setup, int starts) throws Exception {
    UsherProcess.Settings holder =
        new UsherProcess.Settings(
            repository,
            setup.of(Condition.LOOPS),
            setup.javaOptions(),
            setup.environment(),
            work,
            "Stores");
    try (UsherProcess stores = UsherProcess.start(children, holder)) {
      List<Double> seconds = new ArrayList<>();
      for (int i = 0; i < UNCOUNTED + starts; i++) {
        double took = start(stores, setup);
        if (i >= UNCOUNTED) {
          seconds.add(took);
        }
      }
      return seconds.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  private double start(UsherProcess stores, Setup setup) throws Exception {
    UsherProcess.Ports ports = UsherProcess.freePorts();
    ProcessBuilder builder =
        new ProcessBuilder(repository.resolve("usher").toString(), "serve")
            .directory(work.toFile());
    builder.environment().keySet().removeIf(key -> key.startsWith("USHER_"));
    builder.environment().putAll(environment(stores, ports, setup));
    Path log = work.resolve("Start.log");
    long begun = System.nanoTime();
    Process process = children.start(builder, log);
    try {
      awaitReady(process, ports, log);
      return (System.nanoTime() - begun) / 1e9;
    } finally {
      children.end(process);
    }
  }

  private static Map<String, String> environment(
      UsherProcess stores, UsherProcess.Ports ports, Setup setup) throws IOException {
    Map<String, String> environment = new HashMap<>(ports.environment());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    StoreFiles files = new StoreFiles(stores.data());
    environment.put("USHER_POSTGRES_URI", files.postgresUri());
    environment.put("USHER_REDIS_URI", files.redisUri());
    environment.put("USHER_ADMIN_KEY", stores.adminKey());
    environment.put("USHER_MASTER_KEY", files.masterKey());
    environment.put("USHER_RUNTIME_EVENT_LOOPS", Integer.toString(setup.of(Condition.LOOPS)));
    environment.putAll(setup.environment());
    return environment;
  }

  private void awaitReady(Process process, UsherProcess.Ports ports, Path log)
      throws InterruptedException {
    HttpRequest ready =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + ports.management() + "/health/ready"))
            .timeout(Duration.ofSeconds(5))
            .build();
    long deadline = System.nanoTime() + BOUND.toNanos();
    while (!answers(ready)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new ProcessFailure("./usher serve did not become ready\n" + LogTail.of(log));
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private boolean answers(HttpRequest request) throws InterruptedException {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }
}
