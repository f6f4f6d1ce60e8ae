package dev.usher.control;

import dev.usher.control.Admission.Admitted;
import dev.usher.event.EndpointId;
import dev.usher.event.SourceId;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The management API: the table of calls under {@code /v1}, and the way that every call takes.
 *
 * <p>Holds no state but a count of bytes, and may serve any number of event loops.
 */
public final class ControlApi {
  private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);

  /** From the first byte of a request to its answer, whatever Postgres or the sender do. */
  private static final long DEADLINE_MILLIS = 15_000;

  private final Freshness freshness;
  private final Doorkeeper doorkeeper;
  private final BodyRoom room = new BodyRoom();
  private final ApiDescription description = new ApiDescription();
  private final List<Route> routes;
  private final Map<Route, DescribedCall> descriptions = new HashMap<>();

  /**
   * @param adminKey opens everything; kept as a hash only
   */
  public ControlApi(
      Vertx vertx,
      PostgresControlStores stores,
      String adminKey,
      SchemeCatalogue schemes,
      EndpointUrlPolicy urlPolicy,
      Freshness freshness,
      EndpointTrials trials,
      Publisher publisher) {
    this.freshness = freshness;
    this.doorkeeper = new Doorkeeper(adminKey, stores.apiKeys, stores.organizations);
    this.routes = CallTable.routes(vertx, stores, schemes, urlPolicy, trials, publisher);
    routes.forEach(route -> descriptions.put(route, description.call(route)));
  }

  /** A router with this API and nothing else. */
  public Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    router.errorHandler(400, context -> AnswerWriter.send(context, unreadable())); // the path
    addTo(router);
    return router;
  }

  /** Every call there is, in the order in which they are described. */
  List<Route> routes() {
    return routes;
  }

  /** Adds {@code /v1} and everything below it to {@code router}. */
  public void addTo(Router router) {
    Map<String, String> methodsByPath = new LinkedHashMap<>();
    methodsByPath.put(ApiDescription.PATH, "GET");
    Answer shown = Reply.ok(description.document());
    router.get(ApiDescription.PATH).handler(context -> AnswerWriter.send(context, shown));
    for (Route route : routes) {
      methodsByPath.merge(route.path(), route.method(), (before, next) -> before + ", " + next);
      router
          .route(HttpMethod.valueOf(route.method()), route.path())
          .handler(context -> serve(context, route));
    }
    methodsByPath.forEach(
        (path, methods) ->
            router.route(path).handler(context -> AnswerWriter.send(context, notAllowed(methods))));
    Problem noCall = Problem.notFound("call");
    router.route("/v1").handler(context -> AnswerWriter.send(context, noCall));
    router.route("/v1/*").handler(context -> AnswerWriter.send(context, noCall));
    router.route("/v1/*").failureHandler(ControlApi::routingFailed);
  }

  private static Problem notAllowed(String methods) {
    return new Problem(
        Problem.Kind.METHOD_NOT_ALLOWED,
        "Here are " + methods,
        List.of(),
        Map.of("allow", methods));
  }

  /** Every path answers exactly once, at the latest when the deadline is over. */
  private void serve(RoutingContext context, Route route) {
    HttpServerRequest request = context.request();
    request.pause(); // no body is read for somebody unknown
    Promise<Answer> answer = Promise.promise();
    BodyRoom.Share share = room.share();
    long deadline =
        context.vertx().setTimer(DEADLINE_MILLIS, timer -> answer.tryComplete(late(request)));
    Future.succeededFuture(context)
        .compose(asked -> answer(asked, route, share))
        .compose(decided -> known(context, decided))
        .otherwise(ControlApi::failed)
        .onSuccess(answer::tryComplete);
    answer
        .future()
        .onSuccess(
            decided -> {
              context.vertx().cancelTimer(deadline);
              share.release();
              AnswerWriter.send(context, decided);
            });
  }

  /** The same calls for pages that this process serves. */
  public LocalApi local() {
    return new LocalCalls(doorkeeper, descriptions, this::known, ControlApi::failed);
  }

  private Future<Answer> known(RoutingContext context, Answer decided) {
    boolean changed = !HttpMethod.GET.equals(context.request().method());
    return decided instanceof Reply reply && changed
        ? known(context.request().path(), reply)
        : Future.succeededFuture(decided);
  }

  /** Whoever has changed something finds it changed on this node when the answer comes. */
  private Future<Answer> known(String path, Reply reply) {
    String location = reply.location();
    String named = location != null ? location : path;
    for (String part : named.split("/", -1)) {
      SourceId source = SourceId.parse(part);
      EndpointId endpoint = EndpointId.parse(part);
      if (source != null || endpoint != null) {
        UUID changed = source != null ? source.value() : Objects.requireNonNull(endpoint).value();
        return freshness.reread(changed).map(reply);
      }
    }
    return Future.succeededFuture(reply);
  }

  private Future<Answer> answer(RoutingContext context, Route route, BodyRoom.Share share) {
    HttpServerRequest request = context.request();
    return doorkeeper
        .admit(request.headers(), route)
        .compose(
            admission ->
                switch (admission) {
                  case Admission.Refused(Problem problem) -> Future.succeededFuture(problem);
                  case Admitted caller ->
                      RequestBody.of(request, route.body(), share)
                          .compose(
                              body ->
                                  switch (body) {
                                    case RequestBody.Refused(Problem problem) ->
                                        Future.succeededFuture(problem);
                                    case RequestBody.Read read -> run(context, caller, read, route);
                                  });
                });
  }

  /** Whatever is wrong is told at once: by the call, or here where it reads nothing. */
  private Future<Answer> run(
      RoutingContext context, Admitted caller, RequestBody.Read body, Route route) {
    HttpServerRequest request = context.request();
    DescribedCall described = Objects.requireNonNull(descriptions.get(route));
    String given = context.pathParam("id");
    String id = given == null ? "" : given;
    String misnamed = described.misnamed(id);
    if (misnamed != null) {
      return Future.succeededFuture(Problem.notFound(misnamed));
    }
    MultiMap query;
    try {
      query = context.queryParams();
    } catch (HttpException e) {
      return Future.succeededFuture(unreadable());
    }
    List<String> keys = request.headers().getAll("idempotency-key");
    List<String> conditions = request.headers().getAll("if-match");
    // Several lines of a list are one list (RFC 9110, section 5.3).
    IfMatch ifMatch = conditions.isEmpty() ? null : IfMatch.parse(String.join(", ", conditions));
    List<Fault> faults = described.faults(query, keys, body.json());
    if (ifMatch == null && !conditions.isEmpty()) {
      faults.add(Fault.hidden("If-Match", IfMatch.EXPECTED));
    }
    if (!faults.isEmpty() && !described.readsInput()) {
      return Future.succeededFuture(Problem.invalid(faults));
    }
    return route
        .operation()
        .run(
            new Call(
                request.method().name(),
                request.path(),
                id,
                query,
                body,
                faults,
                keys.isEmpty() ? null : keys.getFirst(),
                ifMatch,
                request.getHeader("traceparent"),
                caller));
  }

  private static Answer late(HttpServerRequest request) {
    return request.isEnded()
        ? Problem.unavailable("There was no answer in time; the call may or may not have been done")
        : new Problem(Problem.Kind.REQUEST_TIMEOUT, "The body did not arrive in time");
  }

  /** The caller learns a reference; the cause is for the log only. */
  private static Answer failed(Throwable failure) {
    if (PostgresFailure.isPassing(failure)) {
      LOG.warn("a call failed because Postgres is away or busy: {}", failure.toString());
      return Problem.unavailable("The database is away or busy; send the same again in a moment");
    }
    String reference = UUID.randomUUID().toString();
    LOG.error("a call failed, reference {}", reference, failure);
    return new Problem(Problem.Kind.INTERNAL, "The log says more under the reference " + reference);
  }

  /** What vertx-web refuses by itself, for example a path that cannot be decoded. */
  private static void routingFailed(RoutingContext context) {
    boolean callersFault = context.statusCode() >= 400 && context.statusCode() < 500;
    AnswerWriter.send(context, callersFault ? unreadable() : failed(context.failure()));
  }

  private static Problem unreadable() {
    return new Problem(
        Problem.Kind.INVALID_REQUEST, "The path or the query is not correctly percent-encoded");
  }
}
