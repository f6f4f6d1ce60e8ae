package dev.usher.control;

import dev.usher.control.PostgresEvents.Filter;
import dev.usher.event.EventId;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One search for events of a status, which no index answers: candidates are read a page at a time,
 * and their statuses looked up. Like every filtered list it may stop early and say where to go on.
 */
final class EventSearch {
  /** At a few dozen microseconds each, a few tens of milliseconds' work. */
  private static final int MAX_CANDIDATES = 1_000;

  private final PostgresEvents events;
  private final OrganizationId organization;
  private final Filter filter;
  private final EventStatus status;
  private final int limit;
  private final List<StoredEvent> found = new ArrayList<>();
  private int candidates;

  EventSearch(
      PostgresEvents events,
      OrganizationId organization,
      Filter filter,
      EventStatus status,
      int limit) {
    this.events = events;
    this.organization = organization;
    this.filter = filter;
    this.status = status;
    this.limit = limit;
  }

  /** Searches among the events below {@code place}. */
  Future<Answer> from(UUID place) {
    return events
        .list(organization, filter, new PageRequest(PageRequest.MAX_LIMIT, place))
        .compose(
            page ->
                events
                    .statuses(organization, page.rows())
                    .compose(statuses -> take(page, statuses)));
  }

  private Future<Answer> take(Page<StoredEvent> page, Map<EventId, EventStatus> statuses) {
    for (StoredEvent event : page.rows()) {
      if (statuses.get(event.id()) == status) {
        found.add(event);
        if (found.size() == limit) {
          return Future.succeededFuture(answer(event.id().value()));
        }
      }
    }
    candidates += PageRequest.MAX_LIMIT;
    UUID next = page.next();
    return next == null || candidates >= MAX_CANDIDATES
        ? Future.succeededFuture(answer(next))
        : from(next);
  }

  private Answer answer(@Nullable UUID next) {
    return new Page<>(found, next).answer(event -> event.toJson(status));
  }
}
