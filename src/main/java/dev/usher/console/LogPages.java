package dev.usher.console;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;

/** Every attempt to deliver. */
final class LogPages {
  static final String PATH = "/console/logs";

  Future<Response> list(Visit visit) {
    Link link = visit.link(PATH, "status", "endpoint", "event", "type", "since", "until", "cursor");
    var attempts = visit.get("/v1/attempts", "", link.values());
    var endpoints = visit.get("/v1/endpoints", "", Map.of("limit", "250"));
    return Future.all(attempts, endpoints)
        .map(
            _ -> {
              Map<String, Object> model = new HashMap<>();
              boolean ok = attempts.result().ok();
              model.put("list", ok ? new Item(attempts.result().body()) : Item.NONE);
              model.put("problem", ok ? Item.NONE : new Item(attempts.result().body()));
              model.put("endpoints", new Item(endpoints.result().body()).names());
              model.put("link", link);
              return visit.page(attempts.result().status(), "logs.jte", "Logs", "logs", model);
            });
  }
}
