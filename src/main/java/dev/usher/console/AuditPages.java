package dev.usher.console;

import io.vertx.core.Future;
import java.util.Map;

/** Who changed what, and when. */
final class AuditPages {
  static final String PATH = "/console/audit";

  Future<Response> list(Visit visit) {
    Link link = visit.link(PATH, "actor", "action", "target", "since", "until", "cursor");
    return visit
        .get("/v1/audit", "", link.values())
        .map(
            answer -> {
              Item answered = new Item(answer.body());
              Map<String, Object> model =
                  Map.of(
                      "list", answer.ok() ? answered : Item.NONE,
                      "problem", answer.ok() ? Item.NONE : answered,
                      "link", link);
              return visit.page(answer.status(), "audit.jte", "Audit", "audit", model);
            });
  }
}
