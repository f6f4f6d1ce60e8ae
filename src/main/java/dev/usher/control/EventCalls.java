package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.PayloadSchemas.Judged;
import dev.usher.control.PostgresEvents.Filter;
import dev.usher.event.EndpointId;
import dev.usher.event.EventId;
import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
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

  private record Listing(Filter filter, @Nullable EventStatus status, PageRequest page) {}

  Future<Answer> list(Call call) {
    Query query = new Query(call);
    Listing listing =
        new Listing(
            new Filter(query.type(), query.value("source", SourceId::parse), query.time()),
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
        .compose(view -> marked(organization, content, view))
        .map(Reply::ok);
  }

  /** Tells how the event differs from the schema of its type: it was received, not published. */
  private Future<ObjectNode> marked(
      OrganizationId organization, StoredEvent.Content content, ObjectNode view) {
    String type = content.event().type();
    return stores
        .eventTypes
        .schemas(organization, List.of(type))
        .compose(
            known -> {
              String schema = known.get(type);
              return schema == null
                  ? Future.succeededFuture(view.putNull("schema_faults"))
                  : schemas
                      .judge(List.of(new Judged(schema, content.data(), "")))
                      .map(faults -> view.set("schema_faults", Fault.all(faults)));
            });
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
        .rows
        .lock(transaction, organization, endpoint.value())
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
