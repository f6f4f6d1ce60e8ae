package dev.usher.control;

import io.vertx.core.Vertx;
import java.util.List;

/** Every call of the management API, in the order in which they are described. */
final class CallTable {
  private CallTable() {}

  static List<Route> routes(
      Vertx vertx,
      PostgresControlStores stores,
      SchemeCatalogue schemes,
      EndpointUrlPolicy urlPolicy,
      EndpointTrials trials,
      Publisher publisher) {
    Creations creations =
        new Creations(stores.transactions, stores.organizations, stores.idempotency);
    PayloadSchemas schemas = new PayloadSchemas(vertx);
    SecretCalls secrets = new SecretCalls(stores.secrets);
    OrganizationCalls organizations = new OrganizationCalls(stores, creations);
    KeyCalls keys = new KeyCalls(stores, creations);
    SourceCalls sources = new SourceCalls(stores, creations, secrets, schemes);
    EndpointCalls endpoints = new EndpointCalls(stores, creations, secrets, urlPolicy);
    PublishCalls publishing = new PublishCalls(publisher, stores.eventTypes, schemas, stores.clock);
    EventCalls events = new EventCalls(stores, creations, schemas);
    EventTypeCalls types = new EventTypeCalls(stores, creations, schemas);
    AttemptCalls attempts = new AttemptCalls(stores);
    RecoveryCalls recoveries = new RecoveryCalls(stores, creations);
    TrialCalls trying = new TrialCalls(stores, trials);
    TlsCalls tls = new TlsCalls(stores);
    RejectionCalls rejections = new RejectionCalls(stores);
    AuditCalls audit = new AuditCalls(stores);
    StatisticsCalls statistics = new StatisticsCalls(stores);
    return List.of(
        new Route("POST", "/v1/organizations", Access.OPERATE, organizations::create),
        new Route("GET", "/v1/organizations", Access.OPERATE, organizations::list),
        new Route("GET", "/v1/organizations/:id", Access.OPERATE, organizations::get),
        new Route("DELETE", "/v1/organizations/:id", Access.OPERATE, organizations::delete),
        new Route("POST", "/v1/keys", Access.ADMINISTER, keys::create),
        new Route("GET", "/v1/keys", Access.ADMINISTER, keys::list),
        new Route("GET", "/v1/keys/:id", Access.ADMINISTER, keys::get),
        new Route("DELETE", "/v1/keys/:id", Access.ADMINISTER, keys::delete),
        new Route("POST", "/v1/sources", Access.CHANGE, sources::create),
        new Route("GET", "/v1/sources", Access.READ, sources::list),
        new Route("GET", "/v1/sources/:id", Access.READ, sources::get),
        new Route("PATCH", "/v1/sources/:id", Access.CHANGE, sources::patch),
        new Route("DELETE", "/v1/sources/:id", Access.CHANGE, sources::delete),
        new Route("GET", "/v1/sources/:id/secret", Access.CHANGE, sources::secret),
        new Route("POST", "/v1/sources/:id/secret/rotate", Access.CHANGE, sources::rotateSecret),
        new Route("POST", "/v1/endpoints", Access.CHANGE, endpoints::create),
        new Route("GET", "/v1/endpoints", Access.READ, endpoints::list),
        new Route("GET", "/v1/endpoints/:id", Access.READ, endpoints::get),
        new Route("PATCH", "/v1/endpoints/:id", Access.CHANGE, endpoints::patch),
        new Route("DELETE", "/v1/endpoints/:id", Access.CHANGE, endpoints::delete),
        new Route("POST", "/v1/endpoints/:id/pause", Access.CHANGE, endpoints::pause),
        new Route("POST", "/v1/endpoints/:id/activate", Access.CHANGE, endpoints::activate),
        new Route("GET", "/v1/endpoints/:id/secret", Access.CHANGE, endpoints::secret),
        new Route(
            "POST", "/v1/endpoints/:id/secret/rotate", Access.CHANGE, endpoints::rotateSecret),
        new Route("GET", "/v1/endpoints/:id/tls", Access.READ, tls::get),
        new Route("PUT", "/v1/endpoints/:id/tls", Access.CHANGE, tls::put),
        new Route("DELETE", "/v1/endpoints/:id/tls", Access.CHANGE, tls::delete),
        new Route("POST", "/v1/endpoints/:id/test", Access.CHANGE, trying::test),
        new Route("POST", "/v1/endpoints/:id/recover", Access.CHANGE, recoveries::recover),
        new Route("GET", "/v1/recoveries", Access.READ, recoveries::list),
        new Route("GET", "/v1/recoveries/:id", Access.READ, recoveries::get),
        new Route("POST", "/v1/recoveries/:id/cancel", Access.CHANGE, recoveries::cancel),
        new Route("GET", "/v1/dead-letters", Access.READ, recoveries::deadLetters),
        new Route("POST", "/v1/events", Access.PUBLISH, BodyRules.EVENT, publishing::one),
        new Route("POST", "/v1/events/batch", Access.PUBLISH, BodyRules.EVENTS, publishing::batch),
        new Route("GET", "/v1/events", Access.READ, events::list),
        new Route("GET", "/v1/events/:id", Access.READ, events::get),
        new Route("POST", "/v1/events/:id/resend", Access.CHANGE, events::resend),
        new Route("POST", "/v1/event-types", Access.CHANGE, types::create),
        new Route("GET", "/v1/event-types", Access.READ, types::list),
        new Route("GET", "/v1/event-types/:id", Access.READ, types::get),
        new Route("PATCH", "/v1/event-types/:id", Access.CHANGE, types::patch),
        new Route("DELETE", "/v1/event-types/:id", Access.CHANGE, types::delete),
        new Route("GET", "/v1/attempts", Access.READ, attempts::list),
        new Route("GET", "/v1/statistics", Access.READ, statistics::overTime),
        new Route("GET", "/v1/statistics/endpoints", Access.READ, statistics::ofEndpoints),
        new Route("GET", "/v1/rejections", Access.READ, rejections::list).anywhere(),
        new Route("GET", "/v1/audit", Access.ADMINISTER, audit::list).anywhere());
  }
}
