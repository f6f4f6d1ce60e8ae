package dev.usher.console;

import dev.usher.console.Sessions.Opened;
import dev.usher.control.Credential;
import dev.usher.control.Holder;
import dev.usher.control.LocalApi;
import dev.usher.control.LocalApi.LocalCall;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets those in who have signed in, and changes pass that come from our own pages. */
final class Gate {
  private static final String COOKIE = "usher_session";

  private final LocalApi api;
  private final Assets assets;
  private final Sessions sessions;
  private final boolean tls;

  /**
   * @param tls whether browsers may send the cookie over TLS only
   */
  Gate(LocalApi api, Assets assets, Sessions sessions, boolean tls) {
    this.api = api;
    this.assets = assets;
    this.sessions = sessions;
    this.tls = tls;
  }

  /** Who comes, or why they do not get in. */
  sealed interface Entry {
    record In(Visit visit) implements Entry {}

    /** Has not signed in, or not any more. */
    record Unknown() implements Entry {}

    /** The change does not come from a page of ours. */
    record Forged() implements Entry {}
  }

  Future<Entry> enter(RoutingContext context, Map<String, List<String>> form) {
    String token = token(context);
    if (token == null) {
      return Future.succeededFuture(new Entry.Unknown());
    }
    return sessions
        .find(token)
        .compose(
            found ->
                found
                    .map(opened -> enter(context, form, token, opened))
                    .orElseGet(() -> Future.succeededFuture(new Entry.Unknown())));
  }

  private Future<Entry> enter(
      RoutingContext context, Map<String, List<String>> form, String token, Opened opened) {
    Session session = new Session(token, opened.credential(), opened.organization());
    boolean change = !"GET".equals(context.request().method().name());
    if (change && !(isOurs(context) && session.isCsrf(csrf(context, form)))) {
      return Future.succeededFuture(new Entry.Forged());
    }
    return api.holder(opened.credential())
        .compose(
            holder ->
                holder.isEmpty() || !holder.get().mayLook()
                    ? sessions.end(token).map(_ -> new Entry.Unknown())
                    : organizationName(session, holder.get())
                        .map(
                            name ->
                                new Entry.In(visit(context, form, session, holder.get(), name))));
  }

  private Visit visit(
      RoutingContext context,
      Map<String, List<String>> form,
      Session session,
      Holder holder,
      Optional<String> organization) {
    // One that was deleted meanwhile is no place to be.
    Session there =
        organization.isPresent()
            ? session
            : new Session(session.token(), session.credential(), null);
    return new Visit(context, api, assets, there, holder, organization.orElse(""), form);
  }

  private Future<Optional<String>> organizationName(Session session, Holder holder) {
    String organization = session.organization();
    if (!holder.administrator()) {
      return Future.succeededFuture(Optional.of(holder.organizationName()));
    }
    if (organization == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return api.call(
            new LocalCall(session.credential(), null, "GET /v1/organizations/:id", organization))
        .map(
            answer ->
                answer.ok() ? Optional.of(new Item(answer.body()).text("name")) : Optional.empty());
  }

  /** Whether the browser says that a request comes from a page of ours, where it says anything. */
  static boolean isOurs(RoutingContext context) {
    String site = context.request().getHeader("sec-fetch-site");
    return site == null || site.equals("same-origin");
  }

  private static String csrf(RoutingContext context, Map<String, List<String>> form) {
    String header = context.request().getHeader("usher-csrf");
    List<String> fields = form.getOrDefault("csrf", List.of());
    return header != null ? header : fields.isEmpty() ? "" : fields.getFirst();
  }

  /** The token that the browser sent; null where it is none of ours. */
  @Nullable String token(RoutingContext context) {
    Cookie cookie = context.request().getCookie(COOKIE);
    return cookie == null || !Session.isToken(cookie.getValue()) ? null : cookie.getValue();
  }

  /** Begins a session with a key that opens. */
  Future<Void> begin(RoutingContext context, Credential credential) {
    return sessions
        .begin(credential)
        .onSuccess(token -> context.response().addCookie(cookie(token)))
        .mapEmpty();
  }

  /** Ends the session, on all nodes and in the browser. */
  Future<Void> end(RoutingContext context, String token) {
    return sessions
        .end(token)
        .onSuccess(_ -> context.response().addCookie(cookie("").setMaxAge(0)));
  }

  /** Lets the administrator work in another organization. */
  Future<Void> move(Visit visit, @Nullable String organization) {
    return sessions.enter(visit.session().token(), organization);
  }

  /** Whether the session is still there; asked by what lasts longer than a request. */
  Future<Boolean> isThere(Visit visit) {
    return sessions.find(visit.session().token()).map(Optional::isPresent);
  }

  private Cookie cookie(String value) {
    return Cookie.cookie(COOKIE, value)
        .setPath("/console")
        .setHttpOnly(true)
        .setSameSite(CookieSameSite.STRICT)
        .setSecure(tls);
  }
}
