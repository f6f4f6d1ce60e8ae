package dev.usher.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.Future;
import java.util.Map;

/** The administrator's page: which organizations there are, and in which one to work. */
final class OrganizationPages {
  static final String PATH = "/console/organizations";
  private static final String TITLE = "Organizations";

  private final Gate gate;

  OrganizationPages(Gate gate) {
    this.gate = gate;
  }

  Future<Response> list(Visit visit) {
    return list(visit, FormView.of(Map.of()), Item.NONE);
  }

  private Future<Response> list(Visit visit, FormView form, Item made) {
    Link link = visit.link(PATH, "cursor");
    return visit
        .get("/v1/organizations", "", Map.of("cursor", link.get("cursor")))
        .map(
            answer ->
                visit.shown(
                    answer,
                    found ->
                        visit.page(
                            "organizations.jte",
                            TITLE,
                            "organizations",
                            Map.of("list", found, "link", link, "form", form, "made", made))));
  }

  /** Makes one, and shows its first key this once. */
  Future<Response> create(Visit visit) {
    return visit
        .send(
            "POST /v1/organizations",
            "",
            JsonNodeFactory.instance.objectNode().put("name", visit.field("name")))
        .compose(
            answer -> {
              Item body = new Item(answer.body());
              return answer.ok()
                  ? list(visit, FormView.of(Map.of()), body)
                  : list(visit, FormView.refused(visit.values(), body), Item.NONE);
            });
  }

  /** From now on the pages show this one. */
  Future<Response> enter(Visit visit) {
    return visit
        .get("/v1/organizations/:id", visit.id())
        .compose(
            answer ->
                answer.ok()
                    ? gate.move(visit, visit.id()).map(_ -> new Response.See("/console"))
                    : Future.succeededFuture(visit.refused(answer)));
  }
}
