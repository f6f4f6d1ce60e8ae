package dev.usher.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.config.JournalConfig;
import dev.usher.dispatch.Dispatch;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import dev.usher.event.OrganizationId;
import dev.usher.event.UuidV7;
import dev.usher.trace.Traces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a batch goes. The store is a stand-in: it is not what is looked at here. */
class BatchingJournalTest {
  private static final Duration LINGER = Duration.ofMillis(5);

  private final Vertx vertx = Vertx.vertx();
  private final UuidV7 ids = new UuidV7(InstantSource.system());

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void anEventAfterABatchThatWasFullBeforeItsLingerEndedIsWrittenToo() throws TimeoutException {
    JournalConfig config = new JournalConfig(2, LINGER, 2, 4_096, 16 << 20, Duration.ofSeconds(10));
    Promise<Appended> third = Promise.promise();
    vertx.runOnContext(
        _ -> {
          BatchingJournal journal =
              new BatchingJournal(
                  vertx,
                  config,
                  batch -> Future.succeededFuture(accepted(batch)),
                  new NoDispatch(),
                  new JournalMetrics(new SimpleMeterRegistry()),
                  Traces.OFF);
          journal.append(event(), _ -> {});
          journal.append(event(), _ -> {}); // full: it goes at once, and its linger goes on
          vertx.setTimer(2 * LINGER.toMillis(), _ -> journal.append(event(), third::complete));
        });
    assertThat(third.future().await(10, TimeUnit.SECONDS)).isInstanceOf(Appended.Accepted.class);
  }

  private static List<BatchWriter.Fate> accepted(List<Event> batch) {
    return batch.stream()
        .map(_ -> (BatchWriter.Fate) new BatchWriter.Fate.Accepted(List.of(), 0))
        .toList();
  }

  private Event event() {
    UUID id = ids.next();
    return new Event(
        new EventId(id),
        new OrganizationId(new UUID(0, 1)),
        null,
        "key",
        new Hash128(id.getMostSignificantBits(), id.getLeastSignificantBits()),
        new Hash128(1, 1),
        "t",
        null,
        "application/json",
        "",
        new byte[] {'{', '}'});
  }

  /** Nothing subscribes here. */
  private static final class NoDispatch implements Dispatch {
    @Override
    public @Nullable Integer lease() {
      return null;
    }

    @Override
    public List<EndpointId> full() {
      return List.of();
    }

    @Override
    public void committed(Event event, List<EndpointId> endpoints, int lease) {}

    @Override
    public void leasesAreUncertain() {}
  }
}
