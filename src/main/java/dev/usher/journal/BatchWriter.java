package dev.usher.journal;

import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one batch of events in one transaction. */
public interface BatchWriter {
  /**
   * Writes the events whose keys are new, and a due delivery for each endpoint that wants them.
   *
   * @param batch 1 to 4,096 events, no two of the same key hash
   * @return one fate for each event, in the batch's order, after the commit; or a failure, when
   *     nothing of the batch was accepted as far as this node knows (see {@link
   *     UncertainCommitException})
   */
  Future<List<Fate>> write(List<Event> batch);

  /** What became of one event of a batch. */
  sealed interface Fate {
    /**
     * Accepted and committed.
     *
     * @param endpoints whose delivery this node has leased and must start now
     * @param lease the number of the lease under which; 0 where there are none
     */
    record Accepted(List<EndpointId> endpoints, int lease) implements Fate {}

    /** Its key was accepted before, with the event and the body named here. */
    record Known(EventId first, Hash128 bodyHash) implements Fate {}

    /**
     * It is not accepted: its key is taken, but which event came first could not be read; or it
     * could not be written, although others of the batch were.
     */
    record Undecided() implements Fate {}
  }

  /**
   * The connection was lost or fell silent before the answer to a commit came: the batch may be
   * committed or not. Senders are told to send again, and then find it as a duplicate; deliveries
   * that were leased with it are found by the lease's own check.
   */
  final class UncertainCommitException extends RuntimeException {
    public UncertainCommitException(String message, @Nullable Throwable cause) {
      super(message, cause, false, false);
    }
  }
}
