package dev.usher.trace;

import dev.usher.event.EventId;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.internal.W3CTraceContextEncoding;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A span that is under way.
 *
 * @param context in which it is the current one
 */
record SpanTrace(Span span, Context context) implements Trace {
  /** From here an answer says that we, or the endpoint, failed. */
  private static final int FAILED = 500;

  @Override
  public String parent() {
    return parent(span.getSpanContext());
  }

  @Override
  public @Nullable String state() {
    return state(span.getSpanContext());
  }

  /** The lines that an event keeps of a trace. */
  static String headers(SpanContext context) {
    String state = state(context);
    return "traceparent: "
        + parent(context)
        + (state == null ? "\n" : "\ntracestate: " + state + "\n");
  }

  private static String parent(SpanContext context) {
    return new TraceParent(
            context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex())
        .toString();
  }

  private static @Nullable String state(SpanContext context) {
    TraceState state = context.getTraceState();
    return state.isEmpty() ? null : W3CTraceContextEncoding.encodeTraceState(state);
  }

  @Override
  public void during(Runnable count) {
    try (Scope _ = context.makeCurrent()) {
      count.run();
    }
  }

  @Override
  public void answered(String outcome, int status, EventId id) {
    span.setAttribute(OpenTelemetryTraces.EVENT, id.toString())
        .setAttribute(OpenTelemetryTraces.OUTCOME, outcome)
        .setAttribute(OpenTelemetryTraces.STATUS, (long) status);
    if (status >= FAILED) {
      span.setAttribute(OpenTelemetryTraces.ERROR, outcome).setStatus(StatusCode.ERROR);
    }
    span.end();
  }

  @Override
  public void attempted(String outcome, @Nullable Integer status, boolean succeeded) {
    span.setAttribute(OpenTelemetryTraces.OUTCOME, outcome);
    if (status != null) {
      span.setAttribute(OpenTelemetryTraces.STATUS, (long) status);
    }
    if (!succeeded) {
      span.setAttribute(OpenTelemetryTraces.ERROR, status == null ? outcome : status.toString())
          .setStatus(StatusCode.ERROR);
    }
    span.end();
  }
}
