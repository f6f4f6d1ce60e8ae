package dev.usher.trace;

import dev.usher.config.TracingConfig;
import dev.usher.event.Delivery;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Source;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.api.trace.propagation.internal.W3CTraceContextEncoding;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.spi.VertxTracerFactory;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Traces by OpenTelemetry, sent by OTLP over HTTP. Ended spans wait in a bounded queue for a thread
 * of its own that sends them; while the collector is away or slow the queue is full, and what ends
 * then is dropped. Nothing on an event loop ever waits.
 */
public final class OpenTelemetryTraces implements Traces {
  static final AttributeKey<String> EVENT = AttributeKey.stringKey("usher.event.id");
  static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("usher.outcome");
  static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
  static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AttributeKey<String> ORGANIZATION =
      AttributeKey.stringKey("usher.organization.id");
  private static final AttributeKey<String> SOURCE = AttributeKey.stringKey("usher.source.id");
  private static final AttributeKey<String> SCHEME = AttributeKey.stringKey("usher.scheme");
  private static final AttributeKey<String> ENDPOINT = AttributeKey.stringKey("usher.endpoint.id");
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("usher.attempt");
  private static final AttributeKey<Long> EVENTS = AttributeKey.longKey("usher.batch.events");
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
  private static final AttributeKey<String> DATABASE = AttributeKey.stringKey("db.system.name");

  /** Ended spans that wait to be sent, of all event loops: some 4 MiB at most. */
  private static final int MOST_WAITING = 4_096;

  private static final int SENT_TOGETHER = 512;
  private static final Duration SEND_INTERVAL = Duration.ofSeconds(1);
  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LAST_WAIT = Duration.ofSeconds(2);

  /** Events of a batch; a batch is never larger. */
  private static final int MOST_LINKS = 4_096;

  private static final Pattern STATE_LINE = Pattern.compile("(?m)^tracestate: (.{1,512})$");

  // What it has to say comes from SpanSender, into our log. Held, or its level would be forgotten.
  private final Logger own = Logger.getLogger("io.opentelemetry");
  private final SdkTracerProvider provider;
  private final OpenTelemetry telemetry;
  private final Tracer tracer;
  private final InstantSource clock;

  /**
   * @param config with an endpoint
   */
  public OpenTelemetryTraces(TracingConfig config, String version, InstantSource clock) {
    own.setLevel(Level.OFF);
    this.clock = clock;
    provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.getDefault()
                    .merge(
                        Resource.create(
                            Attributes.of(
                                AttributeKey.stringKey("service.name"),
                                "usher",
                                AttributeKey.stringKey("service.version"),
                                version))))
            .setSampler(new KeptTraces(config.ratio()))
            .setSpanLimits(SpanLimits.builder().setMaxNumberOfLinks(MOST_LINKS).build())
            .addSpanProcessor(
                BatchSpanProcessor.builder(new SpanSender(exporter(config)))
                    .setMaxQueueSize(MOST_WAITING)
                    .setMaxExportBatchSize(SENT_TOGETHER)
                    .setScheduleDelay(SEND_INTERVAL)
                    .setExporterTimeout(SEND_TIMEOUT)
                    .build())
            .build();
    telemetry =
        OpenTelemetrySdk.builder()
            .setTracerProvider(provider)
            .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
            .build();
    tracer = telemetry.getTracer("dev.usher", version);
  }

  private static OtlpHttpSpanExporter exporter(TracingConfig config) {
    OtlpHttpSpanExporterBuilder builder =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(Objects.requireNonNull(config.tracesUrl()))
            .setTimeout(SEND_TIMEOUT)
            .setConnectTimeout(SEND_TIMEOUT)
            .setCompression("gzip");
    config.headers().forEach(builder::addHeader);
    return builder.build();
  }

  /**
   * Names the call of the management API that is the current one, once it is known which it is:
   * Vert.x knows its method only.
   *
   * @return takes the call's method and its route, with names in the place of ids
   */
  public BiConsumer<String, String> currentCall() {
    Span call = Span.current();
    return (method, route) -> call.updateName(method + " " + route).setAttribute(ROUTE, route);
  }

  /** For the management API and its questions to Postgres. */
  public VertxTracerFactory forVertx() {
    return new OpenTelemetryTracingFactory(telemetry);
  }

  @Override
  public Trace accepting(
      @Nullable String parent,
      @Nullable String state,
      EventId id,
      Source source,
      long startedNanos) {
    SpanContext sender = context(TraceParent.parse(parent), state);
    Context before = sender == null ? Context.root() : Context.root().with(Span.wrap(sender));
    Span span =
        tracer
            .spanBuilder("POST /in/{source}")
            .setParent(before)
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(clock.instant().minusNanos(System.nanoTime() - startedNanos))
            .setAttribute(METHOD, "POST")
            .setAttribute(ORGANIZATION, source.organization().toString())
            .setAttribute(SOURCE, source.id().toString())
            .setAttribute(SCHEME, source.scheme())
            .startSpan();
    return new SpanTrace(span, before.with(span));
  }

  @Override
  public Event published(Event event) {
    SpanContext call = Span.current().getSpanContext();
    return call.isValid() ? event.withHeaders(SpanTrace.headers(call)) : event;
  }

  @Override
  public @Nullable BatchTrace committing(List<Event> batch) {
    List<SpanContext> links = new ArrayList<>();
    for (Event event : batch) {
      SpanContext context = context(event);
      if (context != null && context.isSampled()) {
        links.add(context);
      }
    }
    if (links.isEmpty()) {
      return null;
    }
    SpanBuilder commit =
        tracer
            .spanBuilder("commit")
            .setNoParent()
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(DATABASE, "postgresql")
            .setAttribute(EVENTS, (long) batch.size());
    links.forEach(commit::addLink);
    Span span = commit.startSpan();
    List<Span> steps = new ArrayList<>(links.size());
    for (SpanContext event : links) {
      steps.add(
          tracer
              .spanBuilder("journal")
              .setParent(Context.root().with(Span.wrap(event)))
              .addLink(span.getSpanContext())
              .startSpan());
    }
    return new SpanBatchTrace(span, steps);
  }

  @Override
  public Trace attempting(Delivery delivery) {
    Event event = delivery.event();
    SpanContext accepted =
        Objects.requireNonNull(context(TraceParent.of(event), state(event.headers())));
    Context before = Context.root().with(Span.wrap(accepted));
    Span span =
        tracer
            .spanBuilder("attempt")
            .setParent(before)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(METHOD, "POST")
            .setAttribute(ORGANIZATION, event.organization().toString())
            .setAttribute(EVENT, event.id().toString())
            .setAttribute(ENDPOINT, delivery.endpoint().toString())
            .setAttribute(ATTEMPT, (long) delivery.attempts() + 1)
            .startSpan();
    return new SpanTrace(span, before.with(span));
  }

  private static @Nullable SpanContext context(Event event) {
    return context(TraceParent.of(event), state(event.headers()));
  }

  private static @Nullable String state(String headers) {
    Matcher kept = STATE_LINE.matcher(headers);
    return kept.find() ? kept.group(1) : null;
  }

  private static @Nullable SpanContext context(
      @Nullable TraceParent parent, @Nullable String state) {
    return parent == null
        ? null
        : SpanContext.createFromRemoteParent(
            parent.traceId(),
            parent.spanId(),
            TraceFlags.fromHex(parent.flags(), 0),
            states(state));
  }

  /** What others keep in a trace is handed on; what is malformed is forgotten (W3C, 3.3). */
  private static TraceState states(@Nullable String text) {
    try {
      return text == null || text.isBlank()
          ? TraceState.getDefault()
          : W3CTraceContextEncoding.decodeTraceState(text);
    } catch (IllegalArgumentException e) {
      return TraceState.getDefault();
    }
  }

  /** Sends what has ended, for as long as a stop can wait, and nothing more after it. */
  public Future<Void> close() {
    Promise<Void> sent = Promise.promise();
    provider.shutdown().whenComplete(() -> sent.tryComplete());
    return sent.future().timeout(LAST_WAIT.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }
}
