package dev.usher.testing;

import dev.usher.Main;
import java.net.URI;
import java.util.Map;

/** {@code usher serve} in a process of its own, on the test's stores and free ports. */
public final class ServeProcess implements AutoCloseable {
  private final ChildJvm process;

  private ServeProcess(ChildJvm process) {
    this.process = process;
  }

  /** Starts one and waits until it takes events. */
  public static ServeProcess start(TestStores stores) {
    return start(stores, Map.of());
  }

  /**
   * Starts one and waits until it takes events.
   *
   * @param settings environment variables, over those of {@link TestGateway#environment}
   */
  public static ServeProcess start(TestStores stores, Map<String, String> settings) {
    Map<String, String> environment = TestGateway.environment(stores);
    environment.putAll(settings);
    ServeProcess serve = new ServeProcess(ChildJvm.start(environment, Main.class, "serve"));
    serve.process.await("  metrics");
    return serve;
  }

  /** The public door. */
  public URI ingress() {
    String printed = process.await("  events").strip();
    return URI.create(printed.substring(0, printed.indexOf("/in/")));
  }

  /** The management API and the console. */
  public URI control() {
    return URI.create(process.await("  management").strip()).resolve("/");
  }

  public long pid() {
    return process.pid();
  }

  /** Tells it to stop: SIGTERM. */
  public void terminate() {
    Signals.send("TERM", process.pid());
  }

  /** {@code kill -9}. */
  public void kill() {
    process.kill();
  }

  public int awaitExit() {
    return process.awaitExit();
  }

  @Override
  public void close() {
    process.close();
  }
}
