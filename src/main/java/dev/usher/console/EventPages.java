package dev.usher.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.EventId;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** What came in. */
final class EventPages {
  static final String PATH = "/console/events";
  private static final String ONE = "/v1/events/:id";
  private static final String SECTION = "events";

  /** Longer payloads are offered for saving, and shown up to here. */
  private static final int SHOWN_CHARACTERS = 200_000;

  Future<Response> list(Visit visit) {
    Link link = visit.link(PATH, "type", "status", "source", "since", "until", "cursor");
    var events = visit.get("/v1/events", "", link.values());
    var sources = visit.get("/v1/sources", "", Map.of("limit", "250"));
    var types = visit.get("/v1/event-types", "", Map.of("limit", "250"));
    return Future.all(events, sources, types)
        .map(
            _ -> {
              Map<String, Object> model = new HashMap<>();
              boolean ok = events.result().ok();
              model.put("list", ok ? new Item(events.result().body()) : Item.NONE);
              model.put("problem", ok ? Item.NONE : new Item(events.result().body()));
              model.put("sources", new Item(sources.result().body()).names());
              model.put("types", new Item(types.result().body()));
              model.put("link", link);
              return visit.page(events.result().status(), "events.jte", "Events", SECTION, model);
            });
  }

  Future<Response> show(Visit visit) {
    return model(visit)
        .map(
            model ->
                model.get("event") instanceof Item event
                    ? visit.page("event.jte", event.text("type"), SECTION, model)
                    : visit.page(404, "problem.jte", "Not found", SECTION, model));
  }

  /** How its deliveries stand: asked for again while one is still due. */
  Future<Response> deliveries(Visit visit) {
    return model(visit)
        .map(
            model ->
                model.containsKey("event")
                    ? visit.part("deliveries.jte", withScreen(visit, model))
                    : visit.page(404, "problem.jte", "Not found", SECTION, model));
  }

  private static Map<String, Object> withScreen(Visit visit, Map<String, Object> model) {
    model.remove("shown");
    model.remove("cut");
    model.remove("pretty");
    model.remove("sources");
    model.put("screen", visit.screen("", SECTION));
    return model;
  }

  private static Future<Map<String, Object>> model(Visit visit) {
    var event = visit.get(ONE, visit.id());
    var endpoints = visit.get("/v1/endpoints", "", Map.of("limit", "250"));
    var sources = visit.get("/v1/sources", "", Map.of("limit", "250"));
    return Future.all(event, endpoints, sources)
        .map(
            _ -> {
              Map<String, Object> model = new HashMap<>();
              Item found = new Item(event.result().body());
              if (!event.result().ok()) {
                model.put("problem", found);
                return model;
              }
              String payload = payload(found);
              model.put("event", found);
              model.put("endpoints", new Item(endpoints.result().body()).names());
              model.put("sources", new Item(sources.result().body()).names());
              model.put("cut", payload.length() > SHOWN_CHARACTERS);
              model.put("shown", Texts.start(payload, SHOWN_CHARACTERS));
              boolean json = found.has("payload") && payload.length() <= SHOWN_CHARACTERS;
              model.put("pretty", json ? PrettyJson.of(payload) : "");
              return model;
            });
  }

  /** As text, whatever it is. */
  private static String payload(Item event) {
    return event.has("payload")
        ? event.raw("payload")
        : new String(
            Base64.getDecoder().decode(event.text("payload_base64")), StandardCharsets.UTF_8);
  }

  Future<Response> download(Visit visit) {
    return visit
        .get(ONE, visit.id())
        .map(
            answer ->
                visit.shown(
                    answer,
                    event ->
                        new Response.Download(
                            event.text("id"),
                            event.has("payload")
                                ? event.raw("payload").getBytes(StandardCharsets.UTF_8)
                                : Base64.getDecoder().decode(event.text("payload_base64")))));
  }

  /** To one endpoint, or to all that want it. */
  Future<Response> resend(Visit visit) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (!visit.field("endpoint").isEmpty()) {
      body.put("endpoint", visit.field("endpoint"));
    }
    return visit
        .send("POST " + ONE + "/resend", visit.id(), body)
        .map(
            answer ->
                visit.shown(
                    answer,
                    made ->
                        new Response.See(
                            PATH
                                + "/"
                                + EventId.parse(visit.id())
                                + "?done=resent&n="
                                + made.number("deliveries"))));
  }
}
