package dev.usher.trace;

import dev.usher.event.Delivery;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Begins the steps that are traced. While tracing is off, there are none, and each is null. */
public interface Traces {
  /** Tracing is off. */
  Traces OFF =
      new Traces() {
        @Override
        public @Nullable Trace accepting(
            @Nullable String parent,
            @Nullable String state,
            EventId id,
            Source source,
            long startedNanos) {
          return null;
        }

        @Override
        public Event published(Event event) {
          return event;
        }

        @Override
        public @Nullable BatchTrace committing(List<Event> batch) {
          return null;
        }

        @Override
        public @Nullable Trace attempting(Delivery delivery) {
          return null;
        }
      };

  /**
   * A request has turned out to bring a genuine event. Not earlier: strangers leave no trace.
   *
   * @param parent the sender's {@code traceparent}; one that is malformed is as none
   * @param state the sender's {@code tracestate}
   * @param startedNanos {@link System#nanoTime()} of the request's arrival
   */
  @Nullable Trace accepting(
      @Nullable String parent,
      @Nullable String state,
      EventId id,
      Source source,
      long startedNanos);

  /** The event with the trace of the call that publishes it, which is the current one. */
  Event published(Event event);

  /**
   * A batch goes to the store.
   *
   * @return null also where no event of it is in a trace that is kept
   */
  @Nullable BatchTrace committing(List<Event> batch);

  /** An attempt begins; it belongs to the trace in which the event was accepted. */
  @Nullable Trace attempting(Delivery delivery);
}
