package dev.usher.control;

import dev.usher.control.PostgresApiKeys.NewKey;
import dev.usher.event.ApiKeyId;
import dev.usher.event.OrganizationId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The administrator's calls: organizations. */
final class OrganizationCalls {
  private static final Logger LOG = LoggerFactory.getLogger(OrganizationCalls.class);
  private static final String WHAT = "organization";
  private static final NewKey FIRST_KEY = new NewKey("first", Role.ADMIN, null);

  private final PostgresControlStores stores;
  private final Creations creations;

  OrganizationCalls(PostgresControlStores stores, Creations creations) {
    this.stores = stores;
    this.creations = creations;
  }

  /** Makes an organization with Showpass' event types and a first key, which is shown this once. */
  Future<Answer> create(Call call) {
    Fields fields = new Fields(call);
    return Call.with(
        fields.result(() -> fields.textOrEmpty("name")),
        name -> creations.once(call, transaction -> create(transaction, name)));
  }

  private Future<Answer> create(PostgresTransaction transaction, String name) {
    OrganizationId id = new OrganizationId(UuidV7.unguessable(stores.clock));
    ApiKey key = ApiKey.random(new ApiKeyId(UuidV7.unguessable(stores.clock)));
    return stores
        .organizations
        .create(transaction, id, name)
        .compose(made -> stores.apiKeys.create(transaction, id, FIRST_KEY, key).map(made))
        .compose(made -> stores.eventTypes.createAll(transaction, id, ShowpassTypes.ALL).map(made))
        .map(
            made ->
                Reply.created("/v1/organizations/" + id, made.toJson().put("api_key", key.text())));
  }

  Future<Answer> list(Call call) {
    Query query = new Query(call);
    PageRequest page = query.page();
    return Call.with(
        query.result(() -> page),
        wanted ->
            stores.organizations.list(wanted).map(found -> found.answer(Organization::toJson)));
  }

  Future<Answer> get(Call call) {
    return call.withId(
        OrganizationId::parse,
        WHAT,
        id ->
            stores
                .organizations
                .find(id)
                .map(
                    found ->
                        found
                            .map(organization -> Reply.ok(organization.toJson()))
                            .orElseGet(() -> Problem.notFound(WHAT))));
  }

  /** Its keys, sources and endpoints end at once; its deliveries are withdrawn right after. */
  Future<Answer> delete(Call call) {
    return call.withId(
        OrganizationId::parse,
        WHAT,
        id ->
            stores
                .transactions
                .run(
                    transaction ->
                        stores
                            .organizations
                            .delete(transaction, id)
                            .map(deleted -> deleted ? Reply.noContent() : Problem.notFound(WHAT)))
                .onSuccess(
                    answer -> {
                      if (answer instanceof Reply) {
                        withdrawDeliveries(id);
                      }
                    }));
  }

  private void withdrawDeliveries(OrganizationId id) {
    stores
        .deliveries
        .withdraw(id)
        .onFailure(failure -> LOG.warn("deliveries of {} were not withdrawn", id, failure));
  }
}
