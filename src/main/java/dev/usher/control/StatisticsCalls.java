package dev.usher.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.PostgresStatistics.Counted;
import dev.usher.control.PostgresStatistics.Standing;
import dev.usher.control.PostgresStatistics.Waited;
import dev.usher.event.EndpointId;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The calls on numbers over time. */
final class StatisticsCalls {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int HOURS_OF_AN_ENDPOINT = 24;

  private final PostgresControlStores stores;

  StatisticsCalls(PostgresControlStores stores) {
    this.stores = stores;
  }

  /** How far back, and in what steps. */
  private enum Window {
    HOUR("1h", Duration.ofMinutes(1), 60),
    DAY("24h", Duration.ofMinutes(15), 96),
    RETENTION("15d", StatisticsCalls.HOUR, 360);

    private final String text;
    private final Duration step;
    private final int steps;

    Window(String text, Duration step, int steps) {
      this.text = text;
      this.step = step;
      this.steps = steps;
    }

    static @Nullable Window parse(String text) {
      for (Window window : values()) {
        if (window.text.equals(text)) {
          return window;
        }
      }
      return null;
    }
  }

  private record Wanted(Window window, @Nullable EndpointId endpoint) {}

  /** Events and deliveries of the last hour, day, or fifteen days. */
  Future<Answer> overTime(Call call) {
    Query query = new Query(call);
    Window given = query.value("window", Window::parse);
    EndpointId endpoint = query.value("endpoint", EndpointId::parse);
    Wanted wanted = new Wanted(given == null ? Window.HOUR : given, endpoint);
    return Call.with(
        query.result(() -> wanted),
        valid ->
            stores
                .statistics
                .standing(call.organization(), valid.endpoint())
                .compose(
                    standing -> {
                      Window window = valid.window();
                      Instant first = first(standing.countedUntil(), window.step, window.steps);
                      boolean minutes = window != Window.RETENTION;
                      var rows =
                          stores.statistics.since(
                              call.organization(), valid.endpoint(), first, minutes);
                      var waited =
                          valid.endpoint() == null
                              ? stores.statistics.waited(call.organization(), first, minutes)
                              : Future.succeededFuture(List.<Waited>of());
                      return Future.all(rows, waited)
                          .map(
                              _ ->
                                  Reply.ok(
                                      shown(
                                          valid, standing, first, rows.result(), waited.result())));
                    }));
  }

  /** The begin of the first of so many steps, of which the last holds {@code now}. */
  private static Instant first(Instant now, Duration step, int steps) {
    long millis = step.toMillis();
    return Instant.ofEpochMilli(now.toEpochMilli() / millis * millis - (steps - 1) * millis);
  }

  private static ObjectNode shown(
      Wanted wanted, Standing standing, Instant first, List<Counted> rows, List<Waited> waited) {
    Window window = wanted.window();
    boolean events = wanted.endpoint() == null;
    Tally total = new Tally();
    Tally[] steps = new Tally[window.steps];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = new Tally();
    }
    for (Counted row : rows) {
      long step = Duration.between(first, row.at()).dividedBy(window.step);
      total.add(row.counts());
      steps[(int) Math.min(step, steps.length - 1)].add(row.counts());
    }
    long[] oldestDue = new long[steps.length];
    for (Waited look : waited) {
      long step = Duration.between(first, look.at()).dividedBy(window.step);
      int at = Math.clamp(step, 0, steps.length - 1);
      oldestDue[at] = Math.max(oldestDue[at], look.millis());
    }
    ObjectNode json =
        Json.object()
            .put("window", window.text)
            .put("counted_until", Times.text(standing.countedUntil()))
            .put("oldest_due_at", Times.textOrNull(standing.oldestDue()));
    total.putInto(json.putObject("total"), events);
    ArrayNode data = json.putArray("data");
    for (int i = 0; i < steps.length; i++) {
      Instant at = first.plus(window.step.multipliedBy(i));
      Duration counted = Duration.between(at, standing.countedUntil());
      ObjectNode step =
          data.addObject()
              .put("at", Times.text(at))
              .put("seconds", Math.min(window.step.toSeconds(), counted.toSeconds()));
      steps[i].putInto(step, events);
      if (events) {
        step.put("oldest_due_ms", oldestDue[i]);
      }
    }
    return json;
  }

  /** The last 24 hours of each endpoint on a page of the list of endpoints. */
  Future<Answer> ofEndpoints(Call call) {
    Query query = new Query(call);
    PageRequest page = query.page();
    return Call.with(
        query.result(() -> page),
        wanted ->
            stores
                .endpoints
                .rows
                .list(call.organization(), wanted)
                .compose(endpoints -> hours(call, endpoints)));
  }

  private Future<Answer> hours(Call call, Page<StoredEndpoint> page) {
    Instant first = first(stores.clock.instant(), HOUR, HOURS_OF_AN_ENDPOINT);
    List<UUID> ids = page.rows().stream().map(StoredEndpoint::uuid).toList();
    return stores
        .statistics
        .since(call.organization(), ids, first)
        .map(
            rows -> {
              Map<UUID, List<Counted>> byEndpoint =
                  rows.stream().collect(Collectors.groupingBy(Counted::endpoint));
              return page.answer(
                  endpoint ->
                      hours(
                          endpoint.id(),
                          first,
                          byEndpoint.getOrDefault(endpoint.uuid(), List.of())));
            });
  }

  private static ObjectNode hours(EndpointId endpoint, Instant first, List<Counted> rows) {
    Tally total = new Tally();
    long[] succeeded = new long[HOURS_OF_AN_ENDPOINT];
    long[] failed = new long[HOURS_OF_AN_ENDPOINT];
    for (Counted row : rows) {
      long hour = Duration.between(first, row.at()).dividedBy(HOUR);
      int step = (int) Math.min(hour, HOURS_OF_AN_ENDPOINT - 1);
      total.add(row.counts());
      succeeded[step] += row.counts().succeeded();
      failed[step] += row.counts().failed();
    }
    ObjectNode json = Json.object().put("endpoint", endpoint.toString());
    total.putInto(json, false);
    ArrayNode hours = json.putArray("hours");
    for (int i = 0; i < HOURS_OF_AN_ENDPOINT; i++) {
      hours.addObject().put("succeeded", succeeded[i]).put("failed", failed[i]);
    }
    return json;
  }
}
