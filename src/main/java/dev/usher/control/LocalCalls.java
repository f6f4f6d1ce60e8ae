package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.Admission.Admitted;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Makes calls from within this process go the way that those over HTTP take. */
final class LocalCalls implements LocalApi {
  /** As over HTTP. */
  private static final long DEADLINE_MILLIS = 15_000;

  private final Doorkeeper doorkeeper;
  private final Map<String, Route> routes = new HashMap<>();
  private final Map<Route, DescribedCall> descriptions;
  private final BiFunction<String, Reply, Future<Answer>> changed;
  private final Function<Throwable, Answer> failed;

  /**
   * @param descriptions of every call
   * @param changed makes what a call to a path has changed known on this node
   * @param failed the answer to a call that failed
   */
  LocalCalls(
      Doorkeeper doorkeeper,
      Map<Route, DescribedCall> descriptions,
      BiFunction<String, Reply, Future<Answer>> changed,
      Function<Throwable, Answer> failed) {
    this.doorkeeper = doorkeeper;
    this.changed = changed;
    this.failed = failed;
    this.descriptions = descriptions;
    descriptions
        .keySet()
        .forEach(route -> this.routes.put(route.method() + " " + route.path(), route));
  }

  @Override
  public Future<Optional<Holder>> holder(Credential credential) {
    return doorkeeper.holder(credential);
  }

  @Override
  public Future<LocalAnswer> call(LocalCall call) {
    Route route = routes.get(call.route());
    if (route == null) {
      return Future.succeededFuture(shown(Problem.notFound("call")));
    }
    String organization = call.organization();
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    if (organization != null) {
      headers.add(Doorkeeper.ORGANIZATION_HEADER, organization);
    }
    return Future.succeededFuture(call)
        .compose(made -> doorkeeper.admit(made.credential(), headers, route))
        .compose(
            admission ->
                switch (admission) {
                  case Admission.Refused(Problem problem) ->
                      Future.<Answer>succeededFuture(problem);
                  case Admitted caller -> run(call, route, caller);
                })
        .timeout(DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
        .otherwise(failed)
        .map(LocalCalls::shown);
  }

  /** Read as over HTTP, with the same limits. */
  private Future<Answer> run(LocalCall call, Route route, Admitted caller) {
    DescribedCall described = Objects.requireNonNull(descriptions.get(route));
    String misnamed = described.misnamed(call.id());
    if (misnamed != null) {
      return Future.succeededFuture(Problem.notFound(misnamed));
    }
    byte[] bytes = Json.bytes(call.body());
    return switch (route.body().payloads() ? Json.readPayloads(bytes) : Json.read(bytes)) {
      case Parsed.Invalid<ObjectNode>(var faults) ->
          Future.succeededFuture(Problem.invalid(faults));
      case Parsed.Valid<ObjectNode>(ObjectNode body) ->
          run(call, route, caller, described, new RequestBody.Read(body, bytes));
    };
  }

  private Future<Answer> run(
      LocalCall call,
      Route route,
      Admitted caller,
      DescribedCall described,
      RequestBody.Read body) {
    String path = route.path().replace(":id", call.id());
    MultiMap query = MultiMap.caseInsensitiveMultiMap();
    call.query().forEach((name, value) -> addUnlessEmpty(query, name, value));
    List<Fault> faults = described.faults(query, List.of(), body.json());
    if (!faults.isEmpty() && !described.readsInput()) {
      return Future.succeededFuture(Problem.invalid(faults));
    }
    return route
        .operation()
        .run(
            new Call(
                route.method(), path, call.id(), query, body, faults, null, null, null, caller))
        .compose(
            answer ->
                answer instanceof Reply reply && !route.method().equals("GET")
                    ? changed.apply(path, reply)
                    : Future.succeededFuture(answer));
  }

  private static void addUnlessEmpty(MultiMap query, String name, String value) {
    if (!value.isEmpty()) {
      query.add(name, value);
    }
  }

  private static LocalAnswer shown(Answer answer) {
    return switch (answer) {
      case Problem problem -> new LocalAnswer(problem.kind().status(), problem.toJson());
      case Reply reply -> {
        ObjectNode body = reply.body();
        yield new LocalAnswer(reply.status(), body == null ? Json.object() : body);
      }
    };
  }
}
