package dev.usher.receive;

import dev.usher.bare.BareVertx;
import dev.usher.measure.EventKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * The endpoints of a run, in this process, on one free port: {@code /hook/0}, {@code /hook/1} and
 * so on. They note what comes in a {@link Ledger} and answer 200; those behind its last one may
 * hang: they take requests and never answer. {@code GET /check/N} answers when a check holds (200)
 * or its patience is over (500), so that checks are requests like others in Gatling's report.
 */
public final class Receivers implements AutoCloseable {
  private static final String HOOK = "/hook/";
  private static final String CHECK = "/check/";
  private static final long POLL_MILLIS = 100;
  private static final long START_SECONDS = 30;

  private final Ledger ledger;
  private final int answering;
  private final BooleanSupplier hanging;
  private final List<Check> checks = new CopyOnWriteArrayList<>();
  private final Vertx vertx = BareVertx.start(1);
  private final String host;
  private int port;

  /**
   * @param answering endpoints that answer always, and are those of the ledger; any behind them
   *     hang while {@code hanging} says so
   * @param host the address of this machine at which the gateway reaches them
   */
  public Receivers(Ledger ledger, int answering, BooleanSupplier hanging, String host) {
    this.ledger = ledger;
    this.answering = answering;
    this.hanging = hanging;
    this.host = host;
  }

  /**
   * Begins to receive. Not to be called on an event loop.
   *
   * @throws TimeoutException when the port is not open after 30 s
   */
  public void start() throws TimeoutException {
    HttpServerOptions options =
        new HttpServerOptions().setHost(host).setHttp2ClearTextEnabled(false);
    Future<HttpServer> listening =
        vertx.createHttpServer(options).requestHandler(this::handle).listen(0);
    port = listening.await(START_SECONDS, TimeUnit.SECONDS).actualPort();
  }

  /** The address of an endpoint, by its number from 0. */
  public URI endpoint(int number) {
    return at(HOOK + number);
  }

  /** Adds a check; its address answers when it holds or its patience is over. */
  public URI add(Check check) {
    checks.add(check);
    return at(CHECK + (checks.size() - 1));
  }

  /** An address that answers at once. */
  public URI ping() {
    return at("/ping");
  }

  private URI at(String path) {
    return URI.create("http://" + host + ":" + port + path);
  }

  private void handle(HttpServerRequest request) {
    String path = request.path();
    if (path.startsWith(HOOK)) {
      request
          .body()
          .onSuccess(body -> receive(request, number(path, HOOK, Integer::valueOf), body))
          .onFailure(broken -> request.connection().close());
    } else if (path.startsWith(CHECK)) {
      Check check = number(path, CHECK, checks::get);
      answer(request, check, System.nanoTime() + check.patience().toNanos());
    } else {
      request.response().end();
    }
  }

  private static <T> T number(String path, String prefix, IntFunction<T> found) {
    return found.apply(Integer.parseInt(path, prefix.length(), path.length(), 10));
  }

  private void receive(HttpServerRequest request, int endpoint, Buffer body) {
    if (endpoint >= answering) {
      if (!hanging.getAsBoolean()) {
        request.response().end();
      }
      return;
    }
    String id = request.getHeader("webhook-id");
    ledger.received(endpoint, EventKey.find(body), id == null ? "" : id);
    request.response().end();
  }

  private void answer(HttpServerRequest request, Check check, long deadlineNanos) {
    Optional<String> fault = check.fault().get();
    if (fault.isEmpty()) {
      request.response().end();
    } else if (System.nanoTime() >= deadlineNanos) {
      System.out.println("NOT SO: " + check.name() + ": " + fault.get());
      request.response().setStatusCode(500).end(fault.get());
    } else {
      vertx.setTimer(POLL_MILLIS, _ -> answer(request, check, deadlineNanos));
    }
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
