package dev.usher.testing;

import dev.usher.Main;
import java.net.URI;

/** {@code usher serve} in a process of its own, on the test's stores and free ports. */
public final class ServeProcess implements AutoCloseable {
  private final ChildJvm process;

  private ServeProcess(ChildJvm process) {
    this.process = process;
  }

  /** Starts one and waits until it takes events. */
  public static ServeProcess start(TestStores stores) {
    ServeProcess serve =
        new ServeProcess(ChildJvm.start(TestGateway.environment(stores), Main.class, "serve"));
    serve.process.await("  metrics");
    return serve;
  }

  /** The public door. */
  public URI ingress() {
    String printed = process.await("  events").strip();
    return URI.create(printed.substring(0, printed.indexOf("/in/")));
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
