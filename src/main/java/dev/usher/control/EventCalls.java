package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.PayloadSchemas.Judged;
import dev.usher.control.PayloadSchemas.Verdict;
import dev.usher.control.PostgresDeliveries.Candidate;
import dev.usher.event.EndpointId;
import dev.usher.event.EventId;
import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
import dev.usher.filter.Filter;
import dev.usher.filter.FilterReader;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The calls on events. */
final class EventCalls {
  private static final String WHAT = "event";

  private final PostgresControlStores stores;
  private final Creations creations;
  private final PayloadSchemas schemas;

  EventCalls(PostgresControlStores stores, Creations creations, PayloadSchemas schemas) {
    this.stores = stores;
    this.creations = creations;
    this.schemas = schemas;
  }

  private record Listing(
      PostgresEvents.Filter filter, @Nullable EventStatus status, PageRequest page) {}

  Future<Answer> list(Call call) {
    Query query = new Query(call);
    Listing listing =
        new Listing(
            new PostgresEvents.Filter(
                query.type(), query.value("source", SourceId::parse), query.time()),
            query.value("status", EventStatus::parse),
            query.page());
    return Call.with(
        query.result(() -> listing),
        wanted ->
            wanted.status() == null
                ? anyStatus(call.organization(), wanted)
                : new EventSearch(
                        stores.events,
                        call.organization(),
                        wanted.filter(),
                        wanted.status(),
                        wanted.page().limit())
                    .from(wanted.page().before()));
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
                    .map(attempts -> EventView.of(content, due, attempts)))
        .compose(view -> marked(organization, content, view));
  }

  /** Tells how the event differs from the schema of its type: it was received, not published. */
  private Future<Answer> marked(
      OrganizationId organization, StoredEvent.Content content, ObjectNode view) {
    String type = content.event().type();
    return stores
        .eventTypes
        .schemas(organization, List.of(type))
        .compose(
            known -> {
              String schema = known.get(type);
              return schema == null
                  ? Future.succeededFuture(Reply.ok(view.putNull("schema_faults")))
                  : schemas
                      .judge(organization, List.of(new Judged(schema, content::data, "")))
                      .map(verdict -> marked(view, verdict));
            });
  }

  private static Answer marked(ObjectNode view, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Busy busy -> busy.problem();
      case Verdict.Faults(List<Fault> faults) -> {
        view.set("schema_faults", Fault.all(faults));
        yield Reply.ok(view);
      }
    };
  }

  /** Delivers the event once more: to the endpoint named, or to all that want it or had it. */
  Future<Answer> resend(Call call) {
    Fields fields = new Fields(call);
    String named = fields.text("endpoint");
    EndpointId endpoint = named == null ? null : EndpointId.parse(named);
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
                            ? resendTo(transaction, call, id, only.get())
                            : stores
                                .deliveries
                                .endpointsOf(transaction, organization, id, type)
                                .compose(all -> wanting(transaction, call, id, all))
                                .compose(all -> resendTo(transaction, call, id, all))));
  }

  /**
   * Those whose filter, as it is now, wants the payload; it is read only where one has a filter.
   */
  private Future<List<EndpointId>> wanting(
      PostgresTransaction transaction, Call call, EventId event, List<Candidate> candidates) {
    Future<Optional<byte[]>> body =
        candidates.stream().anyMatch(candidate -> candidate.filter() != null)
            ? stores.events.body(transaction, call.organization(), event)
            : Future.succeededFuture(Optional.empty());
    return body.map(
        payload ->
            candidates.stream()
                .filter(candidate -> wants(candidate, payload))
                .map(Candidate::endpoint)
                .toList());
  }

  private static boolean wants(Candidate candidate, Optional<byte[]> payload) {
    Filter filter = candidate.filter() == null ? null : FilterReader.parse(candidate.filter());
    return filter == null || payload.map(filter::accepts).orElse(true);
  }

  private Future<Answer> resendTo(
      PostgresTransaction transaction, Call call, EventId event, EndpointId endpoint) {
    return stores
        .endpoints
        .rows
        .lock(transaction, call.organization(), endpoint.value())
        .compose(
            found ->
                Call.found(
                    found, "endpoint", _ -> resendTo(transaction, call, event, List.of(endpoint))));
  }

  private Future<Answer> resendTo(
      PostgresTransaction transaction, Call call, EventId event, List<EndpointId> endpoints) {
    return stores
        .deliveries
        .resend(transaction, call.organization(), event, endpoints)
        .compose(
            count ->
                (count == 0
                        ? Future.<Void>succeededFuture()
                        : note(transaction, call, event, endpoints, count))
                    .map(_ -> Reply.accepted(Json.object().put("deliveries", count))));
  }

  private Future<Void> note(
      PostgresTransaction transaction,
      Call call,
      EventId event,
      List<EndpointId> endpoints,
      int deliveries) {
    ObjectNode told = Json.object().put("deliveries", deliveries);
    told.set("endpoints", Json.texts(endpoints.stream().map(EndpointId::toString).toList()));
    return stores.audit.note(
        transaction, call, Change.between("event.resent", event.toString(), null, told));
  }
}
