package dev.usher.console;

import dev.usher.control.Credential;
import dev.usher.control.LocalApi;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Signing in and out. */
final class SignInPages {
  static final String PATH = "/console/sign-in";

  /** A place of ours: nowhere else does a sign-in lead. */
  private static final Pattern OURS = Pattern.compile("/console(/[A-Za-z0-9_./?=&%:-]*)?");

  private static final int MOST_KEY_CHARACTERS = 512;

  private final LocalApi api;
  private final Assets assets;
  private final Gate gate;
  private final SignInPace pace;

  SignInPages(LocalApi api, Assets assets, Gate gate, InstantSource clock) {
    this.api = api;
    this.assets = assets;
    this.gate = gate;
    this.pace = new SignInPace(clock);
  }

  Response form(RoutingContext context) {
    List<String> to = context.queryParam("to");
    return form(200, to.isEmpty() ? "" : to.getFirst(), "");
  }

  private Response form(int status, String to, String fault) {
    Screen screen = new Screen(assets, "Sign in", "", null, "", "", "");
    return new Response.Html(
        status, "signIn.jte", Map.of("screen", screen, "to", ours(to), "fault", fault));
  }

  /** Opens a session where the key opens; whoever tries many has to wait longer and longer. */
  Future<Response> signIn(RoutingContext context, Map<String, List<String>> form) {
    String key = first(form, "key");
    String to = ours(first(form, "to"));
    String address = context.request().remoteAddress().hostAddress();
    if (!Gate.isOurs(context)) {
      return Future.succeededFuture(form(403, to, "Please sign in on this page."));
    }
    Duration pause = pace.pause(address);
    if (pause.isPositive()) {
      long seconds = pause.toSeconds() + 1;
      context.response().putHeader("retry-after", Long.toString(seconds));
      return Future.succeededFuture(
          form(429, to, "Too many wrong keys. Try again in " + seconds + " s."));
    }
    if (key.isEmpty() || key.length() > MOST_KEY_CHARACTERS) {
      return Future.succeededFuture(form(401, to, "Enter an API key."));
    }
    pace.begin(address);
    Credential credential = Credential.of(key);
    return api.holder(credential)
        .compose(
            holder -> {
              if (holder.isEmpty()) {
                return Future.succeededFuture(form(401, to, "This key does not open anything."));
              }
              pace.right(address);
              return holder.get().mayLook()
                  ? gate.begin(context, credential).map(_ -> new Response.See(to))
                  : Future.succeededFuture(
                      form(403, to, "This key may only publish events, not look at them."));
            });
  }

  Future<Response> signOut(Visit visit) {
    return gate.end(visit.context(), visit.session().token()).map(_ -> new Response.See(PATH));
  }

  private static String first(Map<String, List<String>> form, String name) {
    List<String> values = form.getOrDefault(name, List.of());
    return values.isEmpty() ? "" : values.getFirst().strip();
  }

  private static String ours(String to) {
    return OURS.matcher(to).matches() ? to : "/console";
  }
}
