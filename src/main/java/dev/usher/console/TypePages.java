package dev.usher.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** What the organization says of its events. */
final class TypePages {
  static final String PATH = "/console/event-types";
  private static final String API = "/v1/event-types";
  private static final String ONE = "/v1/event-types/:id";
  private static final String SECTION = "event-types";
  private static final ObjectMapper JSON = new ObjectMapper();

  Future<Response> list(Visit visit) {
    return visit.list(PATH, API, "types.jte", "Event types", SECTION);
  }

  Future<Response> make(Visit visit) {
    return Future.succeededFuture(form(visit, 200, "", FormView.of(Map.of())));
  }

  Future<Response> edit(Visit visit) {
    return visit
        .get(ONE, visit.id())
        .map(
            answer ->
                visit.shown(
                    answer,
                    type ->
                        form(
                            visit,
                            200,
                            visit.id(),
                            FormView.of(
                                Map.of(
                                    "name",
                                    type.text("name"),
                                    "description",
                                    type.text("description"),
                                    "schema",
                                    type.has("schema") ? type.pretty("schema") : "",
                                    "sample",
                                    type.has("sample") ? type.pretty("sample") : "")))));
  }

  private static Response form(Visit visit, int status, String id, FormView form) {
    return visit.page(
        status,
        "typeForm.jte",
        id.isEmpty() ? "New event type" : "Event type",
        SECTION,
        Map.of("id", id, "form", form));
  }

  Future<Response> create(Visit visit) {
    return visit
        .send("POST " + API, "", json(visit).put("name", visit.field("name")))
        .map(answer -> answered(visit, "", answer.ok(), answer.status(), new Item(answer.body())));
  }

  Future<Response> change(Visit visit) {
    return visit
        .send("PATCH " + ONE, visit.id(), json(visit))
        .map(
            answer ->
                answered(visit, visit.id(), answer.ok(), answer.status(), new Item(answer.body())));
  }

  private static Response answered(Visit visit, String id, boolean ok, int status, Item answer) {
    return ok
        ? Visit.done(PATH, id.isEmpty() ? "type-created" : "type-changed")
        : form(visit, status, id, FormView.refused(visit.values(), answer));
  }

  private static ObjectNode json(Visit visit) {
    ObjectNode json =
        JsonNodeFactory.instance.objectNode().put("description", visit.field("description"));
    for (String name : List.of("schema", "sample")) {
      String text = visit.field(name);
      try {
        json.set(name, text.isEmpty() ? JsonNodeFactory.instance.nullNode() : JSON.readTree(text));
      } catch (JsonProcessingException e) {
        json.put(name, text); // no JSON: the API says what it expected
      }
    }
    return json;
  }

  Future<Response> delete(Visit visit) {
    return visit
        .send("DELETE " + ONE, visit.id())
        .map(answer -> visit.shown(answer, _ -> Visit.done(PATH, "type-deleted")));
  }
}
