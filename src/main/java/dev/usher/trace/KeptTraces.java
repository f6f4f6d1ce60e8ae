package dev.usher.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;

/**
 * Which traces are kept: those that the one before us keeps, those that are linked with one that is
 * kept (the commit of its batch), and of our own a share.
 */
final class KeptTraces implements Sampler {
  private final Sampler ratio;

  /**
   * @param ratio of the traces that begin here, 0 to 1
   */
  KeptTraces(double ratio) {
    this.ratio = Sampler.traceIdRatioBased(ratio);
  }

  @Override
  public SamplingResult shouldSample(
      Context parentContext,
      String traceId,
      String name,
      SpanKind kind,
      Attributes attributes,
      List<LinkData> links) {
    SpanContext parent = Span.fromContext(parentContext).getSpanContext();
    if (parent.isValid()) {
      return parent.isSampled() ? SamplingResult.recordAndSample() : SamplingResult.drop();
    }
    if (!links.isEmpty()) {
      return SamplingResult.recordAndSample();
    }
    return ratio.shouldSample(parentContext, traceId, name, kind, attributes, links);
  }

  @Override
  public String getDescription() {
    return "parent, links, or " + ratio.getDescription();
  }
}
