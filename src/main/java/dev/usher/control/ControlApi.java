package dev.usher.control;

import dev.usher.control.Admission.Admitted;
import dev.usher.control.Admission.Scope;
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
 * <p>Holds no state of its own and may serve any number of event loops.
 */
public final class ControlApi {
  private static final Logger LOG = LoggerFactory.getLogger(ControlApi.class);

  /** From the first byte of a request to its answer, whatever Postgres or the sender do. */
  private static final long DEADLINE_MILLIS = 15_000;

  private static final int IDEMPOTENCY_KEY_CHARACTERS = 255;

  private final Freshness freshness;
  private final Doorkeeper doorkeeper;
  private final OrganizationCalls organizations;
  private final SourceCalls sources;
  private final EndpointCalls endpoints;
  private final EventCalls events;
  private final AttemptCalls attempts;
  private final RecoveryCalls recoveries;
  private final TrialCalls trials;
  private final TlsCalls tls;

  /**
   * @param adminKey opens everything; kept as a hash only
   */
  public ControlApi(
      PostgresControlStores stores,
      String adminKey,
      SchemeCatalogue schemes,
      EndpointUrlPolicy urlPolicy,
      Freshness freshness,
      EndpointTrials trials) {
    Creations creations =
        new Creations(stores.transactions, stores.organizations, stores.idempotency);
    SecretCalls secrets = new SecretCalls(stores.secrets);
    this.freshness = freshness;
    this.doorkeeper = new Doorkeeper(adminKey, stores.apiKeys, stores.organizations);
    this.organizations = new OrganizationCalls(stores, creations);
    this.sources = new SourceCalls(stores, creations, secrets, schemes);
    this.endpoints = new EndpointCalls(stores, creations, secrets, urlPolicy);
    this.events = new EventCalls(stores, creations);
    this.attempts = new AttemptCalls(stores);
    this.recoveries = new RecoveryCalls(stores, creations);
    this.trials = new TrialCalls(stores, trials);
    this.tls = new TlsCalls(stores);
  }

  /** A router with this API and nothing else. */
  public Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    router.errorHandler(400, context -> AnswerWriter.send(context, unreadable())); // the path
    addTo(router);
    return router;
  }

  /** Adds {@code /v1} and everything below it to {@code router}. */
  public void addTo(Router router) {
    Table table = new Table(router);
    table.administrator("POST", "/v1/organizations", organizations::create);
    table.administrator("GET", "/v1/organizations", organizations::list);
    table.administrator("GET", "/v1/organizations/:id", organizations::get);
    table.administrator("DELETE", "/v1/organizations/:id", organizations::delete);

    table.organization("POST", "/v1/sources", sources::create);
    table.organization("GET", "/v1/sources", sources::list);
    table.organization("GET", "/v1/sources/:id", sources::get);
    table.organization("PATCH", "/v1/sources/:id", sources::patch);
    table.organization("DELETE", "/v1/sources/:id", sources::delete);
    table.organization("GET", "/v1/sources/:id/secret", sources::secret);
    table.organization("POST", "/v1/sources/:id/secret/rotate", sources::rotateSecret);

    table.organization("POST", "/v1/endpoints", endpoints::create);
    table.organization("GET", "/v1/endpoints", endpoints::list);
    table.organization("GET", "/v1/endpoints/:id", endpoints::get);
    table.organization("PATCH", "/v1/endpoints/:id", endpoints::patch);
    table.organization("DELETE", "/v1/endpoints/:id", endpoints::delete);
    table.organization("POST", "/v1/endpoints/:id/pause", endpoints::pause);
    table.organization("POST", "/v1/endpoints/:id/activate", endpoints::activate);
    table.organization("GET", "/v1/endpoints/:id/secret", endpoints::secret);
    table.organization("POST", "/v1/endpoints/:id/secret/rotate", endpoints::rotateSecret);

    table.organization("GET", "/v1/endpoints/:id/tls", tls::get);
    table.organization("PUT", "/v1/endpoints/:id/tls", tls::put);
    table.organization("DELETE", "/v1/endpoints/:id/tls", tls::delete);
    table.organization("POST", "/v1/endpoints/:id/test", trials::test);
    table.organization("POST", "/v1/endpoints/:id/recover", recoveries::recover);

    table.organization("GET", "/v1/recoveries", recoveries::list);
    table.organization("GET", "/v1/recoveries/:id", recoveries::get);
    table.organization("POST", "/v1/recoveries/:id/cancel", recoveries::cancel);
    table.organization("GET", "/v1/dead-letters", recoveries::deadLetters);

    table.organization("GET", "/v1/events", events::list);
    table.organization("GET", "/v1/events/:id", events::get);
    table.organization("POST", "/v1/events/:id/resend", events::resend);
    table.organization("GET", "/v1/attempts", attempts::list);
    table.end();
  }

  /** Every path answers exactly once, at the latest when the deadline is over. */
  private void serve(RoutingContext context, Scope scope, Call.Operation operation) {
    HttpServerRequest request = context.request();
    request.pause(); // no body is read for somebody unknown
    Promise<Answer> answer = Promise.promise();
    long deadline =
        context.vertx().setTimer(DEADLINE_MILLIS, timer -> answer.tryComplete(late(request)));
    Future.succeededFuture(context)
        .compose(asked -> answer(asked, scope, operation))
        .compose(decided -> known(context, decided))
        .otherwise(ControlApi::failed)
        .onSuccess(answer::tryComplete);
    answer
        .future()
        .onSuccess(
            decided -> {
              context.vertx().cancelTimer(deadline);
              AnswerWriter.send(context, decided);
            });
  }

  /** Whoever has changed something finds it changed on this node when the answer comes. */
  private Future<Answer> known(RoutingContext context, Answer decided) {
    if (!(decided instanceof Reply reply) || HttpMethod.GET.equals(context.request().method())) {
      return Future.succeededFuture(decided);
    }
    String location = reply.location();
    String named = location != null ? location : context.request().path();
    for (String part : named.split("/", -1)) {
      SourceId source = SourceId.parse(part);
      EndpointId endpoint = EndpointId.parse(part);
      if (source != null || endpoint != null) {
        UUID changed = source != null ? source.value() : Objects.requireNonNull(endpoint).value();
        return freshness.reread(changed).map(decided);
      }
    }
    return Future.succeededFuture(decided);
  }

  private Future<Answer> answer(RoutingContext context, Scope scope, Call.Operation operation) {
    HttpServerRequest request = context.request();
    return doorkeeper
        .admit(request.headers(), scope)
        .compose(
            admission ->
                switch (admission) {
                  case Admission.Refused(Problem problem) -> Future.succeededFuture(problem);
                  case Admitted caller ->
                      RequestBody.of(request)
                          .compose(
                              body ->
                                  switch (body) {
                                    case RequestBody.Refused(Problem problem) ->
                                        Future.succeededFuture(problem);
                                    case RequestBody.Read read ->
                                        run(context, caller, read, operation);
                                  });
                });
  }

  private static Future<Answer> run(
      RoutingContext context, Admitted caller, RequestBody.Read body, Call.Operation operation) {
    HttpServerRequest request = context.request();
    List<String> keys = request.headers().getAll("idempotency-key");
    if (!keys.stream().allMatch(ControlApi::isIdempotencyKey) || keys.size() > 1) {
      String expected = "once, 1 to " + IDEMPOTENCY_KEY_CHARACTERS + " visible ASCII characters";
      return Future.succeededFuture(
          Problem.invalid(List.of(Fault.hidden("Idempotency-Key", expected))));
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

  /** Fills the router; knows each path's methods, to tell a wrong method from a wrong path. */
  private final class Table {
    private final Router router;
    private final Map<String, String> methodsByPath = new LinkedHashMap<>();

    private Table(Router router) {
      this.router = router;
    }

    private void administrator(String method, String path, Call.Operation operation) {
      add(method, path, Scope.ADMINISTRATOR, operation);
    }

    private void organization(String method, String path, Call.Operation operation) {
      add(method, path, Scope.ORGANIZATION, operation);
    }

    private void add(String method, String path, Scope scope, Call.Operation operation) {
      methodsByPath.merge(path, method, (before, next) -> before + ", " + next);
      router
          .route(HttpMethod.valueOf(method), path)
          .handler(context -> serve(context, scope, operation));
    }

    private void end() {
      methodsByPath.forEach(
          (path, methods) ->
              router
                  .route(path)
                  .handler(context -> AnswerWriter.send(context, notAllowed(methods))));
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
