package dev.usher.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;

/** Tells the metrics which trace a measurement belongs to, for exemplars: only one that is kept. */
public final class CurrentTrace implements io.prometheus.metrics.tracer.common.SpanContext {

  @Override
  public @Nullable String getCurrentTraceId() {
    SpanContext current = Span.current().getSpanContext();
    return current.isValid() ? current.getTraceId() : null;
  }

  @Override
  public @Nullable String getCurrentSpanId() {
    SpanContext current = Span.current().getSpanContext();
    return current.isValid() ? current.getSpanId() : null;
  }

  @Override
  public boolean isCurrentSpanSampled() {
    return Span.current().getSpanContext().isSampled();
  }

  /** Prometheus would have its choice of exemplars kept by us; every kept trace is good enough. */
  @Override
  public void markCurrentSpanAsExemplar() {}
}
