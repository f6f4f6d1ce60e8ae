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
import java.util.ArrayList;
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

  private static final int IDEMPOTENCY_KEY_CHARACTERS = 255;

  private final Freshness freshness;
  private final Doorkeeper doorkeeper;
  private final BodyRoom room = new BodyRoom();
  private final List<Route> routes;

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
    Creations creations =
        new Creations(stores.transactions, stores.organizations, stores.idempotency);
    PayloadSchemas schemas = new PayloadSchemas(vertx);
    SecretCalls secrets = new SecretCalls(stores.secrets);
    this.freshness = freshness;
    this.doorkeeper = new Doorkeeper(adminKey, stores.apiKeys, stores.organizations);
    this.routes =
        routes(
            new OrganizationCalls(stores, creations),
            new KeyCalls(stores, creations),
            new SourceCalls(stores, creations, secrets, schemes),
            new EndpointCalls(stores, creations, secrets, urlPolicy),
            new PublishCalls(publisher, stores.eventTypes, schemas, stores.clock),
            new EventCalls(stores, creations, schemas),
            new EventTypeCalls(stores, creations, schemas),
            new AttemptCalls(stores),
            new RecoveryCalls(stores, creations),
            new TrialCalls(stores, trials),
            new TlsCalls(stores),
            new RejectionCalls(stores),
            new StatisticsCalls(stores));
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

  /**
   * One call: what a request to {@code path} with {@code method} takes and does.
   *
   * @param everywhere whether the administrator may make it in no organization
   */
  record Route(
      String method,
      String path,
      Access access,
      boolean everywhere,
      BodyRules body,
      Call.Operation operation) {
    Route(String method, String path, Access access, Call.Operation operation) {
      this(method, path, access, BodyRules.SETTINGS, operation);
    }

    Route(String method, String path, Access access, BodyRules body, Call.Operation operation) {
      this(method, path, access, false, body, operation);
    }

    /** The same, and the administrator need not name an organization for it. */
    Route anywhere() {
      return new Route(method, path, access, true, body, operation);
    }
  }

  private static List<Route> routes(
      OrganizationCalls organizations,
      KeyCalls keys,
      SourceCalls sources,
      EndpointCalls endpoints,
      PublishCalls publishing,
      EventCalls events,
      EventTypeCalls types,
      AttemptCalls attempts,
      RecoveryCalls recoveries,
      TrialCalls trials,
      TlsCalls tls,
      RejectionCalls rejections,
      StatisticsCalls statistics) {
    return List.of(
        new Route("POST", "/v1/organizations", Access.OPERATE, organizations::create),
        new Route("GET", "/v1/organizations", Access.OPERATE, organizations::list),
        new Route("GET", "/v1/organizations/:id", Access.OPERATE, organizations::get),
        new Route("DELETE", "/v1/organizations/:id", Access.OPERATE, organizations::delete),
        new Route("POST", "/v1/keys", Access.ADMINISTER, keys::create),
        new Route("GET", "/v1/keys", Access.ADMINISTER, keys::list),
        new Route("GET", "/v1/keys/:id", Access.ADMINISTER, keys::get),
        new Route("DELETE", "/v1/keys/:id", Access.ADMINISTER, keys::delete),
        new Route("POST", "/v1/sources", Access.CHANGE, sources::create),
        new Route("GET", "/v1/sources", Access.READ, sources::list),
        new Route("GET", "/v1/sources/:id", Access.READ, sources::get),
        new Route("PATCH", "/v1/sources/:id", Access.CHANGE, sources::patch),
        new Route("DELETE", "/v1/sources/:id", Access.CHANGE, sources::delete),
        new Route("GET", "/v1/sources/:id/secret", Access.CHANGE, sources::secret),
        new Route("POST", "/v1/sources/:id/secret/rotate", Access.CHANGE, sources::rotateSecret),
        new Route("POST", "/v1/endpoints", Access.CHANGE, endpoints::create),
        new Route("GET", "/v1/endpoints", Access.READ, endpoints::list),
        new Route("GET", "/v1/endpoints/:id", Access.READ, endpoints::get),
        new Route("PATCH", "/v1/endpoints/:id", Access.CHANGE, endpoints::patch),
        new Route("DELETE", "/v1/endpoints/:id", Access.CHANGE, endpoints::delete),
        new Route("POST", "/v1/endpoints/:id/pause", Access.CHANGE, endpoints::pause),
        new Route("POST", "/v1/endpoints/:id/activate", Access.CHANGE, endpoints::activate),
        new Route("GET", "/v1/endpoints/:id/secret", Access.CHANGE, endpoints::secret),
        new Route(
            "POST", "/v1/endpoints/:id/secret/rotate", Access.CHANGE, endpoints::rotateSecret),
        new Route("GET", "/v1/endpoints/:id/tls", Access.READ, tls::get),
        new Route("PUT", "/v1/endpoints/:id/tls", Access.CHANGE, tls::put),
        new Route("DELETE", "/v1/endpoints/:id/tls", Access.CHANGE, tls::delete),
        new Route("POST", "/v1/endpoints/:id/test", Access.CHANGE, trials::test),
        new Route("POST", "/v1/endpoints/:id/recover", Access.CHANGE, recoveries::recover),
        new Route("GET", "/v1/recoveries", Access.READ, recoveries::list),
        new Route("GET", "/v1/recoveries/:id", Access.READ, recoveries::get),
        new Route("POST", "/v1/recoveries/:id/cancel", Access.CHANGE, recoveries::cancel),
        new Route("GET", "/v1/dead-letters", Access.READ, recoveries::deadLetters),
        new Route("POST", "/v1/events", Access.PUBLISH, BodyRules.EVENT, publishing::one),
        new Route("POST", "/v1/events/batch", Access.PUBLISH, BodyRules.EVENTS, publishing::batch),
        new Route("GET", "/v1/events", Access.READ, events::list),
        new Route("GET", "/v1/events/:id", Access.READ, events::get),
        new Route("POST", "/v1/events/:id/resend", Access.CHANGE, events::resend),
        new Route("POST", "/v1/event-types", Access.CHANGE, types::create),
        new Route("GET", "/v1/event-types", Access.READ, types::list),
        new Route("GET", "/v1/event-types/:id", Access.READ, types::get),
        new Route("PATCH", "/v1/event-types/:id", Access.CHANGE, types::patch),
        new Route("DELETE", "/v1/event-types/:id", Access.CHANGE, types::delete),
        new Route("GET", "/v1/attempts", Access.READ, attempts::list),
        new Route("GET", "/v1/statistics", Access.READ, statistics::overTime),
        new Route("GET", "/v1/statistics/endpoints", Access.READ, statistics::ofEndpoints),
        new Route("GET", "/v1/rejections", Access.READ, rejections::list).anywhere());
  }

  /** Adds {@code /v1} and everything below it to {@code router}. */
  public void addTo(Router router) {
    Map<String, String> methodsByPath = new LinkedHashMap<>();
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
    return new LocalCalls(doorkeeper, routes, this::known, ControlApi::failed);
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
                                    case RequestBody.Read read ->
                                        run(context, caller, read, route.operation());
                                  });
                });
  }

  private static Future<Answer> run(
      RoutingContext context, Admitted caller, RequestBody.Read body, Call.Operation operation) {
    HttpServerRequest request = context.request();
    List<String> keys = request.headers().getAll("idempotency-key");
    List<String> conditions = request.headers().getAll("if-match");
    // Several lines of a list are one list (RFC 9110, section 5.3).
    IfMatch ifMatch = conditions.isEmpty() ? null : IfMatch.parse(String.join(", ", conditions));
    List<Fault> faults = new ArrayList<>();
    if (!keys.stream().allMatch(ControlApi::isIdempotencyKey) || keys.size() > 1) {
      String expected = "once, 1 to " + IDEMPOTENCY_KEY_CHARACTERS + " visible ASCII characters";
      faults.add(Fault.hidden("Idempotency-Key", expected));
    }
    if (ifMatch == null && !conditions.isEmpty()) {
      faults.add(Fault.hidden("If-Match", IfMatch.EXPECTED));
    }
    if (!faults.isEmpty()) {
      return Future.succeededFuture(Problem.invalid(faults));
    }
    MultiMap query;
    try {
      query = context.queryParams();
    } catch (HttpException e) {
      return Future.succeededFuture(unreadable());
    }
    String id = context.pathParam("id");
    return operation.run(
        new Call(
            request.method().name(),
            request.path(),
            id == null ? "" : id,
            query,
            body,
            keys.isEmpty() ? null : keys.getFirst(),
            ifMatch,
            request.getHeader("traceparent"),
            caller));
  }

  private static boolean isIdempotencyKey(String key) {
    return key.length() <= IDEMPOTENCY_KEY_CHARACTERS && TextRules.isVisibleAscii(key);
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
