package dev.usher.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where events go. */
final class EndpointPages {
  static final String PATH = "/console/endpoints";
  private static final String API = "/v1/endpoints";
  private static final String ONE = "/v1/endpoints/:id";
  private static final String SECTION = "endpoints";
  private static final String PAGE = "25";

  Future<Response> list(Visit visit) {
    Link link = visit.link(PATH, "cursor");
    Map<String, String> page = Map.of("limit", PAGE, "cursor", link.get("cursor"));
    var endpoints = visit.get(API, "", page);
    var statistics = visit.get("/v1/statistics/endpoints", "", page);
    return Future.all(endpoints, statistics)
        .map(
            _ ->
                visit.shown(
                    endpoints.result(),
                    found ->
                        visit.page(
                            "endpoints.jte",
                            "Endpoints",
                            SECTION,
                            Map.of(
                                "list",
                                found,
                                "statistics",
                                byEndpoint(new Item(statistics.result().body())),
                                "link",
                                link))));
  }

  private static Map<String, Item> byEndpoint(Item statistics) {
    Map<String, Item> byEndpoint = new HashMap<>();
    statistics.items("data").forEach(each -> byEndpoint.put(each.text("endpoint"), each));
    return byEndpoint;
  }

  Future<Response> show(Visit visit) {
    var endpoint = visit.get(ONE, visit.id());
    var day = visit.get("/v1/statistics", "", Map.of("window", "24h", "endpoint", visit.id()));
    var failures =
        visit.get(
            "/v1/attempts", "", Map.of("endpoint", visit.id(), "status", "failed", "limit", "5"));
    var letters = visit.get("/v1/dead-letters", "", Map.of("endpoint", visit.id(), "limit", "5"));
    var recoveries = visit.get("/v1/recoveries", "", Map.of("endpoint", visit.id(), "limit", "5"));
    return Future.all(List.of(endpoint, day, failures, letters, recoveries))
        .map(
            _ ->
                visit.shown(
                    endpoint.result(),
                    found ->
                        visit.page(
                            "endpoint.jte",
                            found.text("name"),
                            SECTION,
                            Map.of(
                                "endpoint", found,
                                "day", new Item(day.result().body()),
                                "failures", new Item(failures.result().body()),
                                "letters", new Item(letters.result().body()),
                                "recoveries", new Item(recoveries.result().body())))));
  }

  Future<Response> make(Visit visit) {
    return form(visit, 200, "", Item.NONE, FormView.of(EndpointForm.empty()));
  }

  Future<Response> edit(Visit visit) {
    return visit.found(
        ONE,
        endpoint ->
            form(visit, 200, visit.id(), endpoint, FormView.of(EndpointForm.values(endpoint))));
  }

  private static Future<Response> form(
      Visit visit, int status, String id, Item endpoint, FormView form) {
    return visit
        .get("/v1/event-types", "", Map.of("limit", "100"))
        .map(
            types ->
                visit.page(
                    status,
                    "endpointForm.jte",
                    id.isEmpty() ? "New endpoint" : "Edit endpoint",
                    SECTION,
                    Map.of(
                        "id",
                        id,
                        "endpoint",
                        endpoint,
                        "form",
                        form,
                        "types",
                        new Item(types.body()))));
  }

  Future<Response> create(Visit visit) {
    return visit
        .send("POST " + API, "", EndpointForm.json(visit, Item.NONE))
        .compose(
            answer -> {
              Item body = new Item(answer.body());
              return answer.ok()
                  ? changeStatus(visit, body, "endpoint-created")
                  : form(
                      visit,
                      answer.status(),
                      "",
                      Item.NONE,
                      FormView.refused(visit.values(), body));
            });
  }

  Future<Response> change(Visit visit) {
    return visit.found(ONE, before -> change(visit, before));
  }

  private static Future<Response> change(Visit visit, Item before) {
    return visit
        .send("PATCH " + ONE, visit.id(), EndpointForm.json(visit, before))
        .compose(
            answer ->
                answer.ok()
                    ? changeStatus(visit, new Item(answer.body()), "endpoint-changed")
                    : form(
                        visit,
                        answer.status(),
                        visit.id(),
                        before,
                        FormView.refused(visit.values(), new Item(answer.body()))));
  }

  /** The API changes it apart from the settings: it says what happens to deliveries that wait. */
  private static Future<Response> changeStatus(Visit visit, Item endpoint, String notice) {
    String id = endpoint.text("id");
    String wanted = visit.field("status");
    Response done = Visit.done(PATH + "/" + id, notice);
    if (endpoint.is("status", wanted) || !List.of("active", "paused").contains(wanted)) {
      return Future.succeededFuture(done);
    }
    return visit
        .send("POST " + ONE + (wanted.equals("active") ? "/activate" : "/pause"), id)
        .map(answer -> visit.shown(answer, _ -> done));
  }

  Future<Response> pause(Visit visit) {
    return visit
        .send("POST " + ONE + "/pause", visit.id())
        .map(answer -> visit.shown(answer, _ -> done(visit, "paused")));
  }

  Future<Response> activate(Visit visit) {
    return visit
        .send("POST " + ONE + "/activate", visit.id())
        .map(answer -> visit.shown(answer, _ -> done(visit, "activated")));
  }

  /** The secret, shown on demand in its place on the page. */
  Future<Response> secret(Visit visit) {
    return visit
        .get(ONE + "/secret", visit.id())
        .map(
            answer ->
                visit.part("secret.jte", Map.of("secret", new Item(answer.body()), "curl", "")));
  }

  Future<Response> rotate(Visit visit) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("overlap", visit.field("overlap"));
    return visit
        .send("POST " + ONE + "/secret/rotate", visit.id(), body)
        .map(answer -> visit.shown(answer, _ -> done(visit, "rotated")));
  }

  /** Sends a test event, and shows the answer on the spot. */
  Future<Response> test(Visit visit) {
    return visit
        .send("POST " + ONE + "/test", visit.id())
        .map(
            answer ->
                visit.part(
                    "trial.jte", Map.of("ok", answer.ok(), "attempt", new Item(answer.body()))));
  }

  Future<Response> recover(Visit visit) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("since", visit.field("since"));
    return visit
        .send("POST " + ONE + "/recover", visit.id(), body)
        .map(
            answer ->
                visit.shown(
                    answer,
                    made ->
                        new Response.See(
                            PATH
                                + "/"
                                + visit.id()
                                + "?done=recovering&n="
                                + made.number("deliveries"))));
  }

  Future<Response> cancelRecovery(Visit visit) {
    String recovery = visit.field("recovery");
    return visit
        .send("POST /v1/recoveries/:id/cancel", recovery)
        .map(answer -> visit.shown(answer, _ -> done(visit, "cancelled")));
  }

  Future<Response> delete(Visit visit) {
    return visit
        .send("DELETE " + ONE, visit.id())
        .map(answer -> visit.shown(answer, _ -> Visit.done(PATH, "endpoint-deleted")));
  }

  private static Response done(Visit visit, String notice) {
    return Visit.done(PATH + "/" + visit.id(), notice);
  }
}
