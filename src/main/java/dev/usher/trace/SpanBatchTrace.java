package dev.usher.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.List;

/**
 * The span of a commit, and in the trace of each event the step that it was.
 *
 * @param steps linked with {@code commit}
 */
record SpanBatchTrace(Span commit, List<Span> steps) implements BatchTrace {
  @Override
  public void during(Runnable count) {
    try (Scope _ = Context.root().with(commit).makeCurrent()) {
      count.run();
    }
  }

  @Override
  public void ended(boolean written) {
    if (!written) {
      commit.setStatus(StatusCode.ERROR);
      steps.forEach(step -> step.setStatus(StatusCode.ERROR));
    }
    steps.forEach(Span::end);
    commit.end();
  }
}
