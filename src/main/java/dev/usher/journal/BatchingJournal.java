package dev.usher.journal;

import dev.usher.config.JournalConfig;
import dev.usher.dispatch.Dispatch;
import dev.usher.event.Event;
import dev.usher.trace.BatchTrace;
import dev.usher.trace.TraceParent;
import dev.usher.trace.Traces;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers the events of one event loop and writes them in batches. A batch goes when it is full, or
 * when its first event has lingered long enough, as soon as one of the few places in flight is
 * free; so a slow store makes batches larger, up to the buffer's limit, and after that refuses at
 * the door.
 *
 * <p>Lives on one event loop and is not thread-safe.
 */
public final class BatchingJournal implements EventJournal {
  private static final Logger LOG = LoggerFactory.getLogger(BatchingJournal.class);

  private final Vertx vertx;
  private final JournalConfig config;
  private final BatchWriter writer;
  private final Dispatch dispatch;
  private final JournalMetrics metrics;
  private final Traces traces;

  private Batch gathering = new Batch();
  private boolean lingering; // a timer runs for the gathering batch
  private boolean ripe; // the gathering batch has lingered long enough
  private int inFlight;
  private int bufferedEvents;
  private int bufferedBytes;
  private @Nullable Promise<Void> drained; // set once the journal is closing

  public BatchingJournal(
      Vertx vertx,
      JournalConfig config,
      BatchWriter writer,
      Dispatch dispatch,
      JournalMetrics metrics,
      Traces traces) {
    this.vertx = vertx;
    this.config = config;
    this.writer = writer;
    this.dispatch = dispatch;
    this.metrics = metrics;
    this.traces = traces;
  }

  @Override
  public void append(Event event, Consumer<Appended> then) {
    if (drained != null) {
      then.accept(Appended.Unavailable.INSTANCE);
      return;
    }
    if (isFull()) {
      then.accept(Appended.Overloaded.INSTANCE);
      return;
    }
    gathering.add(event, then);
    bufferedEvents++;
    bufferedBytes += event.weight();
    metrics.buffered(1);
    if (gathering.requests() >= config.maxEvents()) {
      writeNext();
    } else if (!lingering && !ripe) {
      linger();
    }
  }

  @Override
  public boolean isFull() {
    return bufferedEvents >= config.bufferedEvents() || bufferedBytes >= config.bufferedBytes();
  }

  /**
   * Writes what is gathered and takes nothing more. Completes when all that was taken is answered.
   */
  public Future<Void> drain() {
    if (drained == null) {
      drained = Promise.promise();
      ripe = true;
      writeNext();
      completeWhenDrained();
    }
    return drained.future();
  }

  private void linger() {
    lingering = true;
    long millis = config.linger().toMillis();
    if (millis == 0) {
      vertx.runOnContext(_ -> lingered()); // what has arrived in this turn goes together
    } else {
      vertx.setTimer(millis, _ -> lingered());
    }
  }

  private void lingered() {
    lingering = false;
    ripe = !gathering.isEmpty(); // its batch may have gone full: the next one has not begun to wait
    writeNext();
  }

  private void writeNext() {
    boolean due = ripe || gathering.requests() >= config.maxEvents();
    if (!due || gathering.isEmpty() || inFlight >= config.batchesInFlight()) {
      return;
    }
    Batch batch = gathering;
    gathering = new Batch();
    ripe = false;
    inFlight++;
    long started = System.nanoTime();
    BatchTrace trace = traces.committing(batch.events());
    writer
        .write(batch.events())
        .onComplete(
            fates -> {
              committed(batch, System.nanoTime() - started, trace);
              // Answers first: the sender has waited longest. Deliveries begin in the same turn.
              batch.complete(fates);
              dispatch(batch, fates);
              written(batch);
            },
            failure -> {
              LOG.warn(
                  "A batch of {} events was not written: {}", batch.requests(), failure.toString());
              if (failure instanceof BatchWriter.UncertainCommitException) {
                dispatch.leasesAreUncertain();
              }
              if (trace != null) {
                trace.ended(false);
              }
              batch.fail();
              written(batch);
            });
  }

  private void committed(Batch batch, long nanos, @Nullable BatchTrace trace) {
    int events = batch.events().size();
    if (trace == null) {
      metrics.committed(events, nanos);
    } else {
      trace.during(() -> metrics.committed(events, nanos));
      trace.ended(true);
    }
  }

  private void dispatch(Batch batch, List<BatchWriter.Fate> fates) {
    for (int i = 0; i < fates.size(); i++) {
      if (fates.get(i) instanceof BatchWriter.Fate.Accepted(var endpoints, int lease)
          && !endpoints.isEmpty()) {
        try {
          dispatch.committed(batch.events().get(i), endpoints, lease);
        } catch (RuntimeException e) {
          Event event = batch.events().get(i);
          LOG.atError()
              .addKeyValue("event", event.id())
              .addKeyValue("trace", TraceParent.of(event).traceId())
              .setCause(e)
              .log("A delivery could not be begun; it is found again by its lease");
          dispatch.leasesAreUncertain();
        }
      }
    }
  }

  private void written(Batch batch) {
    inFlight--;
    bufferedEvents -= batch.requests();
    bufferedBytes -= batch.weight();
    metrics.buffered(-batch.requests());
    // While all places were taken the next batch has waited for its linger already.
    writeNext();
    completeWhenDrained();
  }

  private void completeWhenDrained() {
    if (drained != null && bufferedEvents == 0) {
      drained.tryComplete();
    }
  }
}
