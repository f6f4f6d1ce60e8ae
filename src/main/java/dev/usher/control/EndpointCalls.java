package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls on endpoints. */
final class EndpointCalls {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointCalls.class);
  private static final String WHAT = "endpoint";
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final PostgresControlStores stores;
  private final Creations creations;
  private final SecretCalls secrets;
  private final EndpointSettingsReader reader;

  EndpointCalls(
      PostgresControlStores stores,
      Creations creations,
      SecretCalls secrets,
      EndpointUrlPolicy urlPolicy) {
    this.stores = stores;
    this.creations = creations;
    this.secrets = secrets;
    this.reader = new EndpointSettingsReader(urlPolicy);
  }

  Future<Answer> create(Call call) {
    return Call.with(
        reader.read(call.json(), true),
        settings ->
            creations.once(
                call, transaction -> create(transaction, call.organization(), settings)));
  }

  private Future<Answer> create(
      PostgresTransaction transaction, OrganizationId organization, EndpointSettings settings) {
    EndpointId id = new EndpointId(UuidV7.unguessable(stores.clock));
    String secret = newSecret();
    return stores
        .secrets
        .add(transaction, organization, id.value(), secret)
        .compose(v -> stores.endpoints.create(transaction, organization, id, settings))
        .map(made -> Reply.created("/v1/endpoints/" + id, made.toJson().put("secret", secret)));
  }

  Future<Answer> list(Call call) {
    Query query = new Query(call.query());
    PageRequest page = query.page();
    return Call.with(
        query.result(() -> page),
        wanted ->
            stores
                .endpoints
                .list(call.organization(), wanted)
                .map(found -> found.answer(StoredEndpoint::toJson)));
  }

  Future<Answer> get(Call call) {
    return existing(call, endpoint -> Future.succeededFuture(Reply.ok(endpoint.toJson())));
  }

  /** Changes what the patch names (RFC 7396); null gives the default. */
  Future<Answer> patch(Call call) {
    return call.withId(
        EndpointId::parse,
        WHAT,
        id ->
            stores.transactions.run(
                transaction ->
                    locked(transaction, call, id, endpoint -> patch(transaction, call, endpoint))));
  }

  private Future<Answer> patch(
      PostgresTransaction transaction, Call call, StoredEndpoint endpoint) {
    EndpointSettings before = endpoint.settings();
    ObjectNode patched = Json.patched(before.toJson(), call.json());
    return Call.with(
        reader.read(patched, call.json().has("url")),
        settings ->
            settings.equals(before)
                ? Future.succeededFuture(Reply.ok(endpoint.toJson()))
                : stores
                    .endpoints
                    .update(transaction, call.organization(), endpoint.id(), settings)
                    .map(changed -> Reply.ok(changed.toJson())));
  }

  /** It gets nothing more; what it was still owed is withdrawn right after. */
  Future<Answer> delete(Call call) {
    return call.withId(
        EndpointId::parse,
        WHAT,
        id ->
            stores
                .transactions
                .run(
                    transaction ->
                        locked(
                            transaction, call, id, endpoint -> delete(transaction, call, endpoint)))
                .onSuccess(answer -> withdrawDeliveries(answer, call.organization(), id)));
  }

  private Future<Answer> delete(
      PostgresTransaction transaction, Call call, StoredEndpoint endpoint) {
    OrganizationId organization = call.organization();
    return stores
        .endpoints
        .delete(transaction, organization, endpoint.id())
        .compose(v -> stores.secrets.delete(transaction, organization, endpoint.id().value()))
        .map(v -> Reply.noContent());
  }

  /** Not waited for: an endpoint that was down for days is owed more than a caller has patience. */
  private void withdrawDeliveries(Answer deletion, OrganizationId organization, EndpointId id) {
    if (deletion instanceof Reply) {
      stores
          .deliveries
          .withdraw(organization, id)
          .onFailure(failure -> LOG.warn("deliveries to {} were not withdrawn", id, failure));
    }
  }

  /** What comes for it is kept from now on. */
  Future<Answer> pause(Call call) {
    return changeStatus(call, Endpoint.Status.PAUSED);
  }

  /** What was kept for it flows again. */
  Future<Answer> activate(Call call) {
    return changeStatus(call, Endpoint.Status.ACTIVE);
  }

  private Future<Answer> changeStatus(Call call, Endpoint.Status status) {
    Fields fields = new Fields(call.json(), List.of());
    return call.withId(
        EndpointId::parse,
        WHAT,
        id ->
            Call.with(
                fields.result(() -> status),
                wanted ->
                    stores
                        .endpoints
                        .changeStatus(call.organization(), id, wanted)
                        .compose(
                            found ->
                                Call.found(
                                    found,
                                    WHAT,
                                    changed ->
                                        Future.succeededFuture(Reply.ok(changed.toJson()))))));
  }

  Future<Answer> secret(Call call) {
    return existing(call, endpoint -> secrets.show(call.organization(), endpoint.id().value()));
  }

  /** Both the new and the earlier secrets sign during the overlap. */
  Future<Answer> rotateSecret(Call call) {
    return call.withId(
        EndpointId::parse,
        WHAT,
        id ->
            creations.once(
                call,
                transaction ->
                    locked(
                        transaction, call, id, endpoint -> rotate(transaction, call, endpoint))));
  }

  private Future<Answer> rotate(
      PostgresTransaction transaction, Call call, StoredEndpoint endpoint) {
    Fields fields = new Fields(call.json(), List.of("overlap"));
    Duration given = SecretCalls.overlap(fields);
    OrganizationId organization = call.organization();
    return Call.with(
        fields.result(() -> given),
        overlap ->
            stores
                .endpoints
                .announce(transaction, call.organization(), endpoint.id())
                .compose(
                    announced ->
                        secrets.rotate(
                            transaction,
                            organization,
                            endpoint.id().value(),
                            newSecret(),
                            overlap)));
  }

  private Future<Answer> existing(Call call, Function<StoredEndpoint, Future<Answer>> next) {
    return call.withId(
        EndpointId::parse,
        WHAT,
        id ->
            stores
                .endpoints
                .find(call.organization(), id)
                .compose(found -> Call.found(found, WHAT, next)));
  }

  private Future<Answer> locked(
      PostgresTransaction transaction,
      Call call,
      EndpointId id,
      Function<StoredEndpoint, Future<Answer>> next) {
    return stores
        .endpoints
        .lock(transaction, call.organization(), id)
        .compose(found -> Call.found(found, WHAT, next));
  }

  /** The secret of an endpoint in the form of Standard Webhooks. */
  private static String newSecret() {
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    return "whsec_" + Base64.getEncoder().encodeToString(secret);
  }
}
