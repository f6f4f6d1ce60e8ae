package dev.usher.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.SchemeCatalogue;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Where events come in. */
final class SourcePages {
  static final String PATH = "/console/sources";
  private static final String API = "/v1/sources";
  private static final String ONE = "/v1/sources/:id";
  private static final String SECTION = "sources";
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}");

  private final List<String> schemes;
  private final Console.Doors doors;

  SourcePages(SchemeCatalogue schemes, Console.Doors doors) {
    this.schemes = List.copyOf(schemes.names());
    this.doors = doors;
  }

  Future<Response> list(Visit visit) {
    return visit.list(PATH, API, "sources.jte", "Sources", SECTION);
  }

  Future<Response> show(Visit visit) {
    var source = visit.get(ONE, visit.id());
    Link link = visit.link(PATH + "/" + visit.id(), "cursor");
    var refusals =
        visit.get("/v1/rejections", "", Map.of("source", visit.id(), "cursor", link.get("cursor")));
    return Future.all(source, refusals)
        .map(
            _ ->
                visit.shown(
                    source.result(),
                    found ->
                        visit.page(
                            "source.jte",
                            found.text("name"),
                            SECTION,
                            Map.of(
                                "source",
                                found,
                                "address",
                                address(visit, found),
                                "refusals",
                                new Item(refusals.result().body()),
                                "link",
                                link))));
  }

  /** As it is reached from where the reader is; a load balancer may stand before it. */
  private String address(Visit visit, Item source) {
    var authority = visit.context().request().authority();
    String host = authority == null ? "" : authority.host();
    return (doors.ingressTls() ? "https://" : "http://")
        + (HOST.matcher(host).matches() ? host : "127.0.0.1")
        + ":"
        + doors.ingressPort().getAsInt()
        + source.text("path");
  }

  Future<Response> make(Visit visit) {
    String first = schemes.isEmpty() ? "" : schemes.getFirst();
    return Future.succeededFuture(
        form(visit, 200, "", Item.NONE, FormView.of(Map.of("scheme", first))));
  }

  Future<Response> edit(Visit visit) {
    return visit.found(
        ONE,
        source ->
            Future.succeededFuture(
                form(visit, 200, visit.id(), source, FormView.of(SourceForm.values(source)))));
  }

  private Response form(Visit visit, int status, String id, Item source, FormView form) {
    return visit.page(
        status,
        "sourceForm.jte",
        id.isEmpty() ? "New source" : "Edit source",
        SECTION,
        Map.of("id", id, "source", source, "form", form, "schemes", schemes));
  }

  Future<Response> create(Visit visit) {
    return visit
        .send("POST " + API, "", SourceForm.json(visit, Item.NONE))
        .map(
            answer -> {
              Item body = new Item(answer.body());
              return answer.ok()
                  ? Visit.done(PATH + "/" + body.text("id"), "source-created")
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

  private Future<Response> change(Visit visit, Item before) {
    return visit
        .send("PATCH " + ONE, visit.id(), SourceForm.json(visit, before))
        .map(
            answer ->
                answer.ok()
                    ? Visit.done(PATH + "/" + visit.id(), "source-changed")
                    : form(
                        visit,
                        answer.status(),
                        visit.id(),
                        before,
                        FormView.refused(visit.values(), new Item(answer.body()))));
  }

  /** The secret, with a line that sends an event signed with it. */
  Future<Response> secret(Visit visit) {
    var source = visit.get(ONE, visit.id());
    var secret = visit.get(ONE + "/secret", visit.id());
    return Future.all(source, secret)
        .map(
            _ -> {
              Item found = new Item(source.result().body());
              Item shown = new Item(secret.result().body());
              String curl = secret.result().ok() ? curl(visit, found, shown.text("secret")) : "";
              return visit.part("secret.jte", Map.of("secret", shown, "curl", curl));
            });
  }

  private String curl(Visit visit, Item source, String secret) {
    return CurlLine.of(
        source.text("scheme"), source.map("options"), secret, address(visit, source));
  }

  Future<Response> rotate(Visit visit) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("overlap", visit.field("overlap"));
    if (!visit.field("secret").isEmpty()) {
      body.put("secret", visit.field("secret"));
    }
    return visit
        .send("POST " + ONE + "/secret/rotate", visit.id(), body)
        .map(answer -> visit.shown(answer, _ -> Visit.done(PATH + "/" + visit.id(), "rotated")));
  }

  Future<Response> delete(Visit visit) {
    return visit
        .send("DELETE " + ONE, visit.id())
        .map(answer -> visit.shown(answer, _ -> Visit.done(PATH, "source-deleted")));
  }
}
