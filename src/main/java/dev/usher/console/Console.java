package dev.usher.console;

import dev.usher.control.LocalApi;
import dev.usher.control.SchemeCatalogue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console: pages under {@code /console}. Every page is made of calls of the management API, in
 * the name of whoever has signed in; there is no other way to the data.
 */
public final class Console {
  private static final Logger LOG = LoggerFactory.getLogger(Console.class);
  private static final String ROOT = "/console";
  private static final long DEADLINE_SECONDS = 20;

  private final Assets assets = new Assets();
  private final ResponseWriter writer = new ResponseWriter();
  private final Gate gate;
  private final SignInPages signIn;
  private final LiveEvents live;
  private final OrganizationPages organizations;
  private final OverviewPages overview;
  private final EndpointPages endpoints = new EndpointPages();
  private final SourcePages sources;
  private final EventPages events = new EventPages();
  private final LogPages logs = new LogPages();
  private final KeyPages keys = new KeyPages();
  private final AuditPages audit = new AuditPages();
  private final TypePages types = new TypePages();

  /**
   * How this node is reached.
   *
   * @param controlTls whether the control port speaks TLS
   * @param ingressTls whether the public door does
   * @param ingressPort of the public door, once it is open
   */
  public record Doors(boolean controlTls, boolean ingressTls, IntSupplier ingressPort) {}

  /**
   * Reads what pages load from the class path: not to be called on an event loop.
   *
   * @param doors as they are told to whoever makes a source
   */
  public Console(
      Vertx vertx,
      LocalApi api,
      Sessions sessions,
      SchemeCatalogue schemes,
      InstantSource clock,
      Doors doors) {
    gate = new Gate(api, assets, sessions, doors.controlTls());
    signIn = new SignInPages(api, assets, gate, clock);
    live = new LiveEvents(vertx, gate, writer, clock);
    organizations = new OrganizationPages(gate);
    overview = new OverviewPages(clock);
    sources = new SourcePages(schemes, doors);
  }

  /** Adds {@code /console} and everything below it to {@code router}. */
  public Router addTo(Router router) {
    router.get("/").handler(context -> writer.write(context, new Response.See(ROOT)));
    router.get(Assets.ROOT + "*").handler(assets::serve);
    router.get(SignInPages.PATH).handler(context -> writer.write(context, signIn.form(context)));
    router
        .post(SignInPages.PATH)
        .handler(context -> answer(context, form -> signIn.signIn(context, form)));
    router.get(EventPages.PATH + "/live").handler(this::follow);
    new Routes(router).add();
    router.route(ROOT + "/*").handler(context -> serve(context, this::notFound, true));
    router.route(ROOT + "/*").failureHandler(this::failed);
    return router;
  }

  /** Every page and every action. */
  private final class Routes {
    private final Router router;

    private Routes(Router router) {
      this.router = router;
    }

    private void add() {
      anywhere(HttpMethod.POST, "/sign-out", signIn::signOut);
      anywhere(HttpMethod.GET, "/organizations", organizations::list);
      anywhere(HttpMethod.POST, "/organizations", organizations::create);
      anywhere(HttpMethod.POST, "/organizations/:id/enter", organizations::enter);
      get("", overview::show);
      get("/overview/now", overview::now);
      get("/overview/data", overview::data);
      addEndpoints();
      get("/sources", sources::list);
      post("/sources", sources::create);
      get("/sources/new", sources::make);
      get("/sources/:id", sources::show);
      post("/sources/:id", sources::change);
      get("/sources/:id/edit", sources::edit);
      post("/sources/:id/secret", sources::secret);
      post("/sources/:id/rotate", sources::rotate);
      post("/sources/:id/delete", sources::delete);
      get("/events", events::list);
      get("/events/:id", events::show);
      get("/events/:id/deliveries", events::deliveries);
      get("/events/:id/payload", events::download);
      post("/events/:id/resend", events::resend);
      get("/logs", logs::list);
      get("/keys", keys::list);
      post("/keys", keys::create);
      post("/keys/:id/delete", keys::delete);
      get("/audit", audit::list);
      get("/event-types", types::list);
      post("/event-types", types::create);
      get("/event-types/new", types::make);
      get("/event-types/:id", types::edit);
      post("/event-types/:id", types::change);
      post("/event-types/:id/delete", types::delete);
    }

    private void addEndpoints() {
      get("/endpoints", endpoints::list);
      post("/endpoints", endpoints::create);
      get("/endpoints/new", endpoints::make);
      get("/endpoints/:id", endpoints::show);
      post("/endpoints/:id", endpoints::change);
      get("/endpoints/:id/edit", endpoints::edit);
      post("/endpoints/:id/pause", endpoints::pause);
      post("/endpoints/:id/activate", endpoints::activate);
      post("/endpoints/:id/secret", endpoints::secret);
      post("/endpoints/:id/rotate", endpoints::rotate);
      post("/endpoints/:id/test", endpoints::test);
      post("/endpoints/:id/recover", endpoints::recover);
      post("/endpoints/:id/cancel-recovery", endpoints::cancelRecovery);
      post("/endpoints/:id/delete", endpoints::delete);
    }

    private void get(String path, Visit.Page page) {
      router.get(ROOT + path).handler(context -> serve(context, page, false));
    }

    private void post(String path, Visit.Page page) {
      router.post(ROOT + path).handler(context -> serve(context, page, false));
    }

    private void anywhere(HttpMethod method, String path, Visit.Page page) {
      router.route(method, ROOT + path).handler(context -> serve(context, page, true));
    }
  }

  /** What is done with a form. */
  @FunctionalInterface
  private interface FormHandler {
    Future<Response> handle(Map<String, List<String>> form);
  }

  /** Every path answers exactly once, at the latest when the deadline is over. */
  private void answer(RoutingContext context, FormHandler handler) {
    Form.of(context.request())
        .compose(
            form ->
                switch (form) {
                  case Form.Read(var fields) -> handler.handle(fields);
                  case Form.Refused(int status) ->
                      Future.<Response>succeededFuture(plain(status, "This form is not taken."));
                })
        .timeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
        .map(
            response -> {
              writer.write(context, response);
              return response;
            })
        .onFailure(failure -> writer.write(context, broken(failure)));
  }

  /**
   * Serves a page to whoever has signed in.
   *
   * @param anywhere whether the administrator may see it in no organization
   */
  private void serve(RoutingContext context, Visit.Page page, boolean anywhere) {
    answer(
        context,
        form ->
            gate.enter(context, form)
                .compose(
                    entry ->
                        switch (entry) {
                          case Gate.Entry.In(Visit visit) -> page(visit, page, anywhere);
                          case Gate.Entry.Unknown() -> Future.succeededFuture(away(context));
                          case Gate.Entry.Forged() -> Future.succeededFuture(forged());
                        }));
  }

  private static Future<Response> page(Visit visit, Visit.Page page, boolean anywhere) {
    boolean nowhere = visit.holder().administrator() && visit.session().organization() == null;
    return nowhere && !anywhere
        ? Future.succeededFuture(new Response.See(OrganizationPages.PATH))
        : page.answer(visit);
  }

  private void follow(RoutingContext context) {
    gate.enter(context, Map.of())
        .onSuccess(
            entry -> {
              if (entry instanceof Gate.Entry.In(Visit visit)) {
                live.follow(visit);
              } else {
                LiveEvents.refuse(context.response());
              }
            })
        .onFailure(failure -> writer.write(context, broken(failure)));
  }

  /** To the sign-in, and back here after it. */
  private static Response away(RoutingContext context) {
    boolean page =
        context.request().method().equals(HttpMethod.GET)
            && !context.request().headers().contains("hx-request");
    String to = page ? context.request().uri() : "";
    return new Response.See(
        new Link(SignInPages.PATH, Map.of("to", to.equals(ROOT) ? "" : to)).toString());
  }

  private Response forged() {
    return plain(403, "This request did not come from a page of the console. Load the page anew.");
  }

  private Future<Response> notFound(Visit visit) {
    return Future.succeededFuture(
        visit.page(404, "problem.jte", "Not found", "", Map.of("problem", Item.NONE)));
  }

  /** The reader learns a reference; the cause is for the log only. */
  private Response broken(Throwable failure) {
    String reference = UUID.randomUUID().toString();
    LOG.error("a page failed, reference {}", reference, failure);
    return plain(503, "Something went wrong. The log says more under the reference " + reference);
  }

  private void failed(RoutingContext context) {
    int status = context.statusCode() >= 400 && context.statusCode() < 500 ? 400 : 503;
    if (status == 503) {
      LOG.error("a page failed", context.failure());
    }
    writer.write(context, plain(status, "This request could not be answered."));
  }

  /** A page without navigation. */
  private Response plain(int status, String text) {
    Screen screen = new Screen(assets, "Not done", "", null, "", "", "");
    return new Response.Html(status, "plain.jte", Map.of("screen", screen, "text", text));
  }
}
