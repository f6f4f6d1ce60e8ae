package dev.usher.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Map;

/** The organization's keys. */
final class KeyPages {
  static final String PATH = "/console/keys";

  Future<Response> list(Visit visit) {
    return list(visit, FormView.of(Map.of("role", "member")), Item.NONE);
  }

  private static Future<Response> list(Visit visit, FormView form, Item made) {
    Link link = visit.link(PATH, "cursor");
    return visit
        .get("/v1/keys", "", Map.of("cursor", link.get("cursor")))
        .map(
            answer ->
                visit.shown(
                    answer,
                    found ->
                        visit.page(
                            form.problem().isEmpty() ? 200 : 400,
                            "keys.jte",
                            "Keys",
                            "keys",
                            Map.of("list", found, "link", link, "form", form, "made", made))));
  }

  /** Makes a key, and shows it this once. */
  Future<Response> create(Visit visit) {
    ObjectNode body =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", visit.field("name"))
            .put("role", visit.field("role"));
    if (!visit.field("expires_at").isEmpty()) {
      body.put("expires_at", visit.field("expires_at"));
    }
    return visit
        .send("POST /v1/keys", "", body)
        .compose(
            answer -> {
              Item answered = new Item(answer.body());
              return answer.ok()
                  ? list(visit, FormView.of(Map.of("role", "member")), answered)
                  : list(visit, FormView.refused(visit.values(), answered), Item.NONE);
            });
  }

  Future<Response> delete(Visit visit) {
    return visit
        .send("DELETE /v1/keys/:id", visit.id())
        .map(answer -> visit.shown(answer, _ -> Visit.done(PATH, "key-deleted")));
  }
}
