package dev.usher.trace;

/** The commit of a batch: a trace of its own, linked with those of its events. Ends once. */
public interface BatchTrace {
  /** Does {@code count} so that what is counted is seen to belong to this trace. */
  void during(Runnable count);

  /** Ends it, and the step of each event. */
  void ended(boolean written);
}
