package dev.usher.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.config.IngressConfig;
import dev.usher.config.Listener;
import dev.usher.dedupe.Deduplicator;
import dev.usher.event.Event;
import dev.usher.event.Hash128;
import dev.usher.journal.Appended;
import dev.usher.journal.EventJournal;
import dev.usher.testing.RawHttp;
import dev.usher.trace.Traces;
import dev.usher.verify.Verifier;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stands behind the door is a stand-in here: it is made to fail. */
class IngressServerTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  /** Nothing comes this far. */
  private static final class Nothing implements Deduplicator, EventJournal {
    @Override
    public void find(Hash128 keyHash, Consumer<Memory> then) {}

    @Override
    public void remember(Event event) {}

    @Override
    public void append(Event event, Consumer<Appended> then) {}

    @Override
    public boolean isFull() {
      throw new IllegalStateException("a fault");
    }
  }

  @Test
  void aFaultBeforeTheBodyIsReadIsAnsweredToo() throws TimeoutException {
    IngressServer server =
        new IngressServer(
            vertx,
            new IngressConfig(
                new Listener("127.0.0.1", 0, null),
                List.of(),
                1 << 20,
                8 << 10,
                Duration.ofSeconds(10),
                100),
            1,
            _ -> null,
            new Verifier(),
            new Nothing(),
            new Nothing(),
            (_, _, _) -> {},
            new IngressMetrics(new SimpleMeterRegistry(), Set.of()),
            Traces.OFF,
            InstantSource.system());
    int port = server.listen().await(10, TimeUnit.SECONDS);
    assertThat(
            RawHttp.exchange(
                URI.create("http://127.0.0.1:" + port + "/in/x"),
                "Connection: close\r\nContent-Length: 2\r\n\r\n{}"))
        .startsWith("HTTP/1.1 503 ")
        .containsIgnoringCase("retry-after: ");
  }
}
