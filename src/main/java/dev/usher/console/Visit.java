package dev.usher.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.Holder;
import dev.usher.control.LocalApi;
import dev.usher.control.LocalApi.LocalAnswer;
import dev.usher.control.LocalApi.LocalCall;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One request of somebody who has signed in.
 *
 * @param form what was posted; empty for a GET
 * @param organizationName the name of the organization in which this works; empty for none
 */
record Visit(
    RoutingContext context,
    LocalApi api,
    Assets assets,
    Session session,
    Holder holder,
    String organizationName,
    Map<String, List<String>> form) {

  /** What a request does. */
  @FunctionalInterface
  interface Page {
    Future<Response> answer(Visit visit);
  }

  /** The id in the path; empty where there is none. */
  String id() {
    String id = context.pathParam("id");
    return id == null ? "" : id;
  }

  /** A parameter of the query; empty where it is missing. */
  String query(String name) {
    String value = context.queryParams().get(name);
    return value == null ? "" : value.strip();
  }

  /** The path with these parameters as they were asked for. */
  Link link(String path, String... names) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : names) {
      values.put(name, query(name));
    }
    return new Link(path, values);
  }

  /** A field of the form without the space around it; empty where it is missing. */
  String field(String name) {
    List<String> values = form.getOrDefault(name, List.of());
    return values.isEmpty() ? "" : values.getFirst().strip();
  }

  /** All values of a field. */
  List<String> fields(String name) {
    return form.getOrDefault(name, List.of());
  }

  /** The form's fields as they were sent, those with several values in lines. */
  Map<String, String> values() {
    Map<String, String> values = new HashMap<>();
    form.forEach((name, given) -> values.put(name, String.join("\n", given)));
    return values;
  }

  Future<LocalAnswer> get(String path, String id) {
    return get(path, id, Map.of());
  }

  Future<LocalAnswer> get(String path, String id, Map<String, String> query) {
    return api.call(
        new LocalCall(
            session.credential(),
            session.organization(),
            "GET " + path,
            id,
            query,
            JsonNodeFactory.instance.objectNode()));
  }

  /** Makes a change. */
  Future<LocalAnswer> send(String route, String id, ObjectNode body) {
    return api.call(
        new LocalCall(session.credential(), session.organization(), route, id, Map.of(), body));
  }

  Future<LocalAnswer> send(String route, String id) {
    return send(route, id, JsonNodeFactory.instance.objectNode());
  }

  /** A whole page. */
  Response page(int status, String template, String title, String section, Map<String, Object> of) {
    Map<String, Object> model = new HashMap<>(of);
    model.put("screen", screen(title, section));
    return new Response.Html(status, template, model);
  }

  Response page(String template, String title, String section, Map<String, Object> of) {
    return page(200, template, title, section, of);
  }

  /** A part of a page, which a script puts in its place. */
  Response part(String template, Map<String, Object> model) {
    return new Response.Html(200, template, model);
  }

  Screen screen(String title, String section) {
    return new Screen(
        assets,
        title,
        section,
        holder,
        organizationName,
        session.csrf(),
        Notices.text(query("done"), query("n")));
  }

  /** What the API refused, as a page. */
  Response refused(LocalAnswer answer) {
    Item problem = new Item(answer.body());
    return page(
        answer.status(), "problem.jte", problem.text("title"), "", Map.of("problem", problem));
  }

  /**
   * A page of a list that nothing narrows down.
   *
   * @param path of the page, for its links to other pages of the list
   * @param api the call
   */
  Future<Response> list(String path, String api, String template, String title, String section) {
    Link link = link(path, "cursor");
    return get(api, "", Map.of("cursor", link.get("cursor")))
        .map(
            answer ->
                shown(
                    answer,
                    found -> page(template, title, section, Map.of("list", found, "link", link))));
  }

  /** Goes on with what is there by the path's id, or shows that it is not. */
  Future<Response> found(String path, Function<Item, Future<Response>> next) {
    return get(path, id())
        .compose(
            answer ->
                answer.ok()
                    ? next.apply(new Item(answer.body()))
                    : Future.succeededFuture(refused(answer)));
  }

  /** Goes on with what the API gave, or shows what it refused. */
  Response shown(LocalAnswer answer, Function<Item, Response> next) {
    return answer.ok() ? next.apply(new Item(answer.body())) : refused(answer);
  }

  /** Look there after a change, and read what was done. */
  static Response done(String path, String notice) {
    return new Response.See(path + "?done=" + notice);
  }

  MultiMap headers() {
    return context.request().headers();
  }
}
