package dev.usher.trace;

import dev.usher.event.EventId;
import org.jspecify.annotations.Nullable;

/**
 * One step of an event's way, while it is under way. Used on one thread at a time; ends once.
 *
 * <p>Nothing that a sender, an endpoint or an operator wrote is ever told to it: ids, numbers and
 * words of ours only.
 */
public interface Trace {
  /** {@code traceparent} for what comes after this step. */
  String parent();

  /** {@code tracestate} of the trace, what others keep in it; null where there is none. */
  @Nullable String state();

  /** Does {@code count} so that what is counted is seen to belong to this trace. */
  void during(Runnable count);

  /**
   * Ends the step of the public door.
   *
   * @param outcome as metrics call it
   * @param status of the answer, in HTTP
   * @param id under which the sender finds the event: of the first one where it was a duplicate
   */
  void answered(String outcome, int status, EventId id);

  /**
   * Ends an attempt.
   *
   * @param outcome as metrics call it
   * @param status of the endpoint's answer; null where none came
   * @param succeeded whether it was the last one needed
   */
  void attempted(String outcome, @Nullable Integer status, boolean succeeded);
}
