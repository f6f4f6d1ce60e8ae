package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.PostgresDeliveries.Due;
import dev.usher.control.PostgresEvents.Filter;
import dev.usher.event.EndpointId;
import dev.usher.event.EventId;
import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls on events. */
final class EventCalls {
  private static final String WHAT = "event";

  /** A page with a status reads at most this many events: each one's status is looked up. */
  private static final int STATUSES_A_PAGE = 1_000;

  private final PostgresControlStores stores;
  private final Creations creations;

  EventCalls(PostgresControlStores stores, Creations creations) {
    this.stores = stores;
    this.creations = creations;
  }

  private record Listing(Filter filter, @Nullable EventStatus status, PageRequest page) {}

  Future<Answer> list(Call call) {
    Query query = new Query(call.query(), "type", "status", "source", "since", "until");
    Listing listing =
        new Listing(
            new Filter(query.type(), query.id("source", SourceId::parse, "src"), query.time()),
            query.choice("status", EventStatus::parse, EventStatus.EXPECTED),
            query.page());
    return Call.with(
        query.result(() -> listing),
        wanted ->
            wanted.status() == null
                ? anyStatus(call.organization(), wanted)
                : new StatusSearch(call.organization(), wanted).go(wanted.page().before()));
  }

  private Future<Answer> anyStatus(OrganizationId organization, Listing listing) {
    return stores
        .events
        .list(organization, listing.filter(), listing.page())
        .compose(
            page ->
                stores
                    .events
                    .statuses(organization, page.rows())
                    .map(statuses -> page.answer(event -> shown(event, statuses))));
  }

  private static ObjectNode shown(StoredEvent event, Map<EventId, EventStatus> statuses) {
    return event.toJson(statuses.getOrDefault(event.id(), EventStatus.NONE));
  }

  /**
   * Looks for events of one status, a page of candidates at a time. Like every filtered list it may
   * stop early and say where to go on.
   */
  private final class StatusSearch {
    private final OrganizationId organization;
    private final Listing listing;
    private final List<StoredEvent> found = new ArrayList<>();
    private int looked;

    private StatusSearch(OrganizationId organization, Listing listing) {
      this.organization = organization;
      this.listing = listing;
    }

    private Future<Answer> go(UUID before) {
      PageRequest candidates = new PageRequest(PageRequest.MAX_LIMIT, before);
      return stores
          .events
          .list(organization, listing.filter(), candidates)
          .compose(
              page ->
                  stores
                      .events
                      .statuses(organization, page.rows())
                      .compose(statuses -> take(page, statuses)));
    }

    private Future<Answer> take(Page<StoredEvent> page, Map<EventId, EventStatus> statuses) {
      EventStatus status = Objects.requireNonNull(listing.status());
      for (StoredEvent event : page.rows()) {
        if (statuses.get(event.id()) == status) {
          found.add(event);
          if (found.size() == listing.page().limit()) {
            return Future.succeededFuture(answer(event.id().value()));
          }
        }
      }
      looked += PageRequest.MAX_LIMIT;
      UUID next = page.next();
      return next == null || looked >= STATUSES_A_PAGE
          ? Future.succeededFuture(answer(next))
          : go(next);
    }

    private Answer answer(@Nullable UUID next) {
      EventStatus status = Objects.requireNonNull(listing.status());
      return new Page<>(found, next).answer(event -> event.toJson(status));
    }
  }

  /** The event with its payload, its headers, and how each delivery went. */
  Future<Answer> get(Call call) {
    OrganizationId organization = call.organization();
    return call.withId(
        EventId::parse,
        WHAT,
        id ->
            stores
                .events
                .find(organization, id)
                .compose(
                    found ->
                        Call.found(found, WHAT, content -> withDeliveries(organization, content))));
  }

  private Future<Answer> withDeliveries(OrganizationId organization, StoredEvent.Content content) {
    // First what is due: what is done between the two reads is then shown as pending, not as
    // failed.
    return stores
        .deliveries
        .ofEvent(organization, content.event().id())
        .compose(
            due ->
                stores
                    .attempts
                    .ofEvent(organization, content.event())
                    .map(attempts -> shown(content, due, attempts)));
  }

  private static Answer shown(
      StoredEvent.Content content, List<Due> due, List<StoredAttempt> attempts) {
    Map<String, DeliveryView> byEndpoint = new TreeMap<>();
    due.forEach(owed -> view(byEndpoint, owed.endpoint()).dueAt = Optional.of(owed.at()));
    attempts.forEach(attempt -> view(byEndpoint, attempt.endpoint()).attempts.add(attempt));
    ObjectNode json =
        content.toJson(
            EventStatus.of(byEndpoint.values().stream().map(DeliveryView::status).toList()));
    ArrayNode deliveries = json.putArray("deliveries");
    byEndpoint.forEach((endpoint, view) -> deliveries.add(view.toJson(endpoint)));
    return Reply.ok(json);
  }

  private static DeliveryView view(Map<String, DeliveryView> byEndpoint, EndpointId endpoint) {
    return byEndpoint.computeIfAbsent(endpoint.toString(), id -> new DeliveryView());
  }

  /** One endpoint's part of an event, as far as it is known. */
  private static final class DeliveryView {
    private Optional<Instant> dueAt = Optional.empty();
    private final List<StoredAttempt> attempts = new ArrayList<>(); // newest first

    private EventStatus status() {
      if (dueAt.isPresent()) {
        return EventStatus.PENDING;
      }
      return attempts.getFirst().succeeded() ? EventStatus.SUCCEEDED : EventStatus.FAILED;
    }

    private ObjectNode toJson(String endpoint) {
      ObjectNode json =
          Json.object()
              .put("endpoint", endpoint)
              .put("status", status().text())
              .put("next_attempt_at", dueAt.map(Times::text).orElse(null));
      ArrayNode array = json.putArray("attempts");
      attempts.forEach(attempt -> array.add(attempt.toJson()));
      return json;
    }
  }

  /** Delivers the event once more: to the endpoint named, or to all that want it or had it. */
  Future<Answer> resend(Call call) {
    Fields fields = new Fields(call.json(), List.of("endpoint"));
    JsonNode named = fields.member("endpoint");
    EndpointId endpoint = named == null ? null : EndpointId.parse(named.asText());
    if (named != null && endpoint == null) {
      fields.fault(Fault.of("endpoint", named, "an endpoint's id: ep_ and 26 characters"));
    }
    return call.withId(
        EventId::parse,
        WHAT,
        id ->
            Call.with(
                fields.result(() -> Optional.ofNullable(endpoint)),
                only -> creations.once(call, transaction -> resend(transaction, call, id, only))));
  }

  private Future<Answer> resend(
      PostgresTransaction transaction, Call call, EventId id, Optional<EndpointId> only) {
    OrganizationId organization = call.organization();
    return stores
        .events
        .type(transaction, organization, id)
        .compose(
            found ->
                Call.found(
                    found,
                    WHAT,
                    type ->
                        only.isPresent()
                            ? resendTo(transaction, organization, id, only.get())
                            : stores
                                .deliveries
                                .endpointsOf(transaction, organization, id, type)
                                .compose(all -> resendTo(transaction, organization, id, all))));
  }

  private Future<Answer> resendTo(
      PostgresTransaction transaction,
      OrganizationId organization,
      EventId event,
      EndpointId endpoint) {
    return stores
        .endpoints
        .lock(transaction, organization, endpoint)
        .compose(
            found ->
                Call.found(
                    found,
                    "endpoint",
                    there -> resendTo(transaction, organization, event, List.of(endpoint))));
  }

  private Future<Answer> resendTo(
      PostgresTransaction transaction,
      OrganizationId organization,
      EventId event,
      List<EndpointId> endpoints) {
    return stores
        .deliveries
        .resend(transaction, organization, event, endpoints)
        .map(count -> Reply.accepted(Json.object().put("deliveries", count)));
  }
}
