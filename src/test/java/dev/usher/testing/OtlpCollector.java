package dev.usher.testing;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;

/** Stands in for a collector: takes OTLP over HTTP as protobuf, and keeps the spans. */
public final class OtlpCollector implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile boolean hangs;
  private final AtomicInteger asked = new AtomicInteger();

  public OtlpCollector() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
  }

  private void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              asked.incrementAndGet();
              if (hangs) {
                return;
              }
              read(request, body)
                  .getResourceSpansList()
                  .forEach(
                      resource ->
                          resource
                              .getScopeSpansList()
                              .forEach(scope -> spans.addAll(scope.getSpansList())));
              request.response().putHeader("content-type", "application/x-protobuf").end();
            });
  }

  private static ExportTraceServiceRequest read(HttpServerRequest request, Buffer body) {
    if (!request.path().equals("/v1/traces")
        || !"application/x-protobuf".equals(request.getHeader("content-type"))) {
      throw new AssertionError(request.path() + " " + request.headers());
    }
    var bytes = new ByteArrayInputStream(body.getBytes());
    try {
      return ExportTraceServiceRequest.parseFrom(
          "gzip".equals(request.getHeader("content-encoding"))
              ? new GZIPInputStream(bytes)
              : bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  /** Takes requests from now on and answers none. */
  public void hang() {
    hangs = true;
  }

  /** Waits until it was asked while it hangs. */
  public void awaitAsked() {
    int before = asked.get();
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> asked.get() > before);
  }

  public List<Span> spans() {
    return List.copyOf(spans);
  }

  /** Waits until so many spans are there of which {@code wanted} holds; gives those. */
  public List<Span> await(int number, Predicate<Span> wanted) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> spans.stream().filter(wanted).toList(), found -> found.size() >= number);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
