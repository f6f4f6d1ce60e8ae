package dev.usher.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.DelegatingSpanData;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans with no attribute but those that are known to hold neither secrets nor what customers
 * wrote, and says once when the collector goes away, and once when it is back.
 *
 * <p>Vert.x tells of a request its whole address and of a failure its message, which may quote what
 * somebody sent.
 */
final class SpanSender implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(SpanSender.class);

  private static final Set<String> KNOWN =
      Set.of(
          "usher.event.id",
          "usher.organization.id",
          "usher.source.id",
          "usher.endpoint.id",
          "usher.scheme",
          "usher.outcome",
          "usher.attempt",
          "usher.batch.events",
          "error.type",
          "http.request.method",
          "http.route",
          "http.response.status_code",
          "db.system",
          "db.system.name");

  private final SpanExporter collector;
  private final AtomicBoolean away = new AtomicBoolean();

  SpanSender(SpanExporter collector) {
    this.collector = collector;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    List<SpanData> clean = spans.stream().<SpanData>map(CleanSpan::new).toList();
    CompletableResultCode sent = collector.export(clean);
    return sent.whenComplete(() -> note(sent));
  }

  private void note(CompletableResultCode sent) {
    if (away.compareAndSet(sent.isSuccess(), !sent.isSuccess())) {
      if (sent.isSuccess()) {
        LOG.info("The collector takes traces again");
      } else {
        Throwable cause = sent.getFailureThrowable();
        LOG.warn(
            "The collector does not take traces, they are dropped until it does: {}",
            cause == null ? "no reason is known" : cause.toString());
      }
    }
  }

  @Override
  public CompletableResultCode flush() {
    return collector.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return collector.shutdown();
  }

  private static final class CleanSpan extends DelegatingSpanData {
    CleanSpan(SpanData span) {
      super(span);
    }

    @Override
    public Attributes getAttributes() {
      AttributesBuilder known = Attributes.builder();
      known.putAll(super.getAttributes());
      return known.removeIf(key -> !KNOWN.contains(key.getKey())).build();
    }

    @Override
    public int getTotalAttributeCount() {
      return getAttributes().size();
    }

    @Override
    public List<EventData> getEvents() {
      return List.of();
    }

    @Override
    public int getTotalRecordedEvents() {
      return 0;
    }

    /** Without its description, which may quote. */
    @Override
    public StatusData getStatus() {
      return StatusData.create(super.getStatus().getStatusCode(), "");
    }
  }
}
