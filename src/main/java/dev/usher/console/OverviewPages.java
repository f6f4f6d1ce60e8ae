package dev.usher.console;

import dev.usher.control.LocalApi.LocalAnswer;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How it goes, and what needs attention first. */
public final class OverviewPages {
  private static final String STATISTICS = "/v1/statistics";
  private static final Map<String, String> MANY = Map.of("limit", "250");

  /** Of 250 endpoints. Where an organization has more, the page says that it has not seen all. */
  private static final int MOST_PAGES = 4;

  private static final Duration RECENT = Duration.ofHours(24);

  /** Below this share of successes, and with enough attempts to tell, an endpoint is failing. */
  private static final double HEALTHY = 0.9;

  private static final long ENOUGH = 5;

  /** Things that need attention: the worst come first. */
  private static final int MOST_SHOWN = 20;

  private final InstantSource clock;

  OverviewPages(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Something to look at.
   *
   * @param level {@code bad} or {@code warn}
   */
  public record Attention(String level, String what, String why, String address) {}

  Future<Response> show(Visit visit) {
    return model(visit).map(model -> visit.page("overview.jte", "Overview", "overview", model));
  }

  /** What moves while one looks. */
  Future<Response> now(Visit visit) {
    return model(visit).map(model -> visit.part("overviewNow.jte", model));
  }

  /** The numbers of the charts. */
  Future<Response> data(Visit visit) {
    return visit
        .get(STATISTICS, "", Map.of("window", window(visit)))
        .map(answer -> answer.ok() ? new Response.Data(answer.body()) : visit.refused(answer));
  }

  private static String window(Visit visit) {
    String wanted = visit.query("window");
    return List.of("1h", "24h", "15d").contains(wanted) ? wanted : "1h";
  }

  private Future<Map<String, Object>> model(Visit visit) {
    String window = window(visit);
    var statistics = visit.get(STATISTICS, "", Map.of("window", window));
    var endpoints = endpoints(visit, new Endpoints(List.of(), List.of(), Item.NONE, false), "", 1);
    var sources = visit.get("/v1/sources", "", MANY);
    var refusals =
        visit.get(
            "/v1/rejections",
            "",
            Map.of(
                "code",
                "unauthenticated",
                "since",
                clock.instant().minus(RECENT).toString(),
                "limit",
                "250"));
    return Future.all(statistics, endpoints, sources, refusals)
        .map(
            _ -> {
              Endpoints there = endpoints.result();
              Item known = new Item(sources.result().body());
              Map<String, Object> model = new HashMap<>();
              model.put("window", window);
              model.put("statistics", new Item(statistics.result().body()));
              model.put("sources", known);
              model.put("endpoints", there.list().size());
              model.put("more", there.more());
              model.put(
                  "problem",
                  Stream.of(statistics.result(), sources.result(), refusals.result())
                      .filter(answer -> !answer.ok())
                      .findFirst()
                      .map(answer -> new Item(answer.body()))
                      .orElse(there.problem()));
              model.put("attention", attention(there, known, new Item(refusals.result().body())));
              return model;
            });
  }

  /**
   * The organization's endpoints with their last day.
   *
   * @param problem what kept them from being read; nothing where they were
   * @param more whether there are others
   */
  private record Endpoints(List<Item> list, List<Item> days, Item problem, boolean more) {}

  /** Reads on from a cursor, up to {@link #MOST_PAGES}. */
  private static Future<Endpoints> endpoints(
      Visit visit, Endpoints before, String cursor, int page) {
    Map<String, String> query = Map.of("limit", MANY.getOrDefault("limit", ""), "cursor", cursor);
    var endpoints = visit.get("/v1/endpoints", "", query);
    var days = visit.get("/v1/statistics/endpoints", "", query);
    return Future.all(endpoints, days)
        .compose(
            _ -> {
              LocalAnswer failed = endpoints.result().ok() ? days.result() : endpoints.result();
              if (!failed.ok()) {
                return Future.succeededFuture(
                    new Endpoints(before.list(), before.days(), new Item(failed.body()), false));
              }
              Item read = new Item(endpoints.result().body());
              Endpoints so =
                  new Endpoints(
                      joined(before.list(), read.items("data")),
                      joined(before.days(), new Item(days.result().body()).items("data")),
                      Item.NONE,
                      read.has("next"));
              return so.more() && page < MOST_PAGES
                  ? endpoints(visit, so, read.text("next"), page + 1)
                  : Future.succeededFuture(so);
            });
  }

  private static List<Item> joined(List<Item> first, List<Item> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private static List<Attention> attention(Endpoints endpoints, Item sources, Item refusals) {
    Map<String, Item> byEndpoint = new HashMap<>();
    endpoints.days().forEach(each -> byEndpoint.put(each.text("endpoint"), each));
    List<Attention> found = new ArrayList<>();
    for (Item endpoint : endpoints.list()) {
      found.addAll(attention(endpoint, byEndpoint.getOrDefault(endpoint.text("id"), Item.NONE)));
    }
    found.sort((a, b) -> a.level().compareTo(b.level())); // bad before warn
    found.addAll(refused(sources, refusals));
    if (found.size() <= MOST_SHOWN) {
      return found;
    }
    List<Attention> shown = new ArrayList<>(found.subList(0, MOST_SHOWN));
    String rest = Texts.count(found.size() - MOST_SHOWN) + " more";
    shown.add(new Attention("warn", rest, "among endpoints and sources", "/console/endpoints"));
    return shown;
  }

  private static List<Attention> attention(Item endpoint, Item day) {
    String name = endpoint.text("name");
    String page = "/console/endpoints/" + endpoint.text("id");
    List<Attention> found = new ArrayList<>();
    long attempts = day.number("succeeded") + day.number("failed");
    if (endpoint.is("status", "disabled")) {
      found.add(new Attention("bad", name, "disabled: " + endpoint.text("disabled_reason"), page));
    } else if (attempts >= ENOUGH && day.number("succeeded") < HEALTHY * attempts) {
      String why = "%d of %d attempts failed in 24 h".formatted(day.number("failed"), attempts);
      found.add(new Attention("warn", name, why, page));
    }
    if (day.number("given_up") > 0) {
      String why = Texts.count(day.number("given_up")) + " deliveries given up in 24 h";
      found.add(new Attention("bad", name, why, page + "#recover"));
    }
    return found;
  }

  private static List<Attention> refused(Item sources, Item refusals) {
    Map<String, Long> bySource = new HashMap<>();
    refusals
        .items("data")
        .forEach(each -> bySource.merge(each.text("source"), each.number("alike"), Long::sum));
    Map<String, String> names = sources.names();
    List<Attention> found = new ArrayList<>();
    bySource.forEach(
        (source, count) ->
            found.add(
                new Attention(
                    "warn",
                    names.getOrDefault(source, source),
                    "about " + Texts.count(count) + " requests without a right signature in 24 h",
                    "/console/sources/" + source)));
    return found;
  }
}
