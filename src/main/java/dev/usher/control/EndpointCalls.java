package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.crypto.SecretTokens;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls on endpoints. */
final class EndpointCalls {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointCalls.class);
  private static final String WHAT = "endpoint";

  private final PostgresControlStores stores;
  private final Creations creations;
  private final EndpointUrlPolicy urlPolicy;
  private final EndpointSettingsReader reader;
  private final StoredCalls<StoredEndpoint> common;

  EndpointCalls(
      PostgresControlStores stores,
      Creations creations,
      SecretCalls secrets,
      EndpointUrlPolicy urlPolicy) {
    this.stores = stores;
    this.creations = creations;
    this.urlPolicy = urlPolicy;
    this.reader = new EndpointSettingsReader(urlPolicy);
    this.common =
        new StoredCalls<>(
            WHAT,
            EndpointCalls::uuid,
            stores.endpoints.rows,
            stores.transactions,
            creations,
            secrets,
            stores.audit);
  }

  Future<Answer> create(Call call) {
    return Call.with(
        reader.readNew(call),
        settings ->
            reachable(
                settings,
                () -> creations.once(call, transaction -> create(transaction, call, settings))));
  }

  /** Looks the URL's name up, and goes on where nothing is found to be wrong with it. */
  private Future<Answer> reachable(EndpointSettings settings, Supplier<Future<Answer>> next) {
    return urlPolicy
        .faultNow(settings.url())
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(Problem.invalid(List.of(fault(settings, found.get()))))
                    : next.get());
  }

  private static Fault fault(EndpointSettings settings, String why) {
    return EndpointSettingsReader.urlFault(settings.url().toString(), why);
  }

  private Future<Answer> create(
      PostgresTransaction transaction, Call call, EndpointSettings settings) {
    OrganizationId organization = call.organization();
    EndpointId id = new EndpointId(UuidV7.unguessable(stores.clock));
    String secret = SecretTokens.webhookSecret();
    return stores
        .secrets
        .add(transaction, organization, id.value(), secret)
        .compose(v -> stores.endpoints.create(transaction, organization, id, settings))
        .compose(
            made -> common.note(transaction, call, "created", made, null, made.toJson()).map(made))
        .map(
            made ->
                Reply.created("/v1/endpoints/" + id, made.toJson().put("secret", secret), made));
  }

  Future<Answer> list(Call call) {
    return common.list(call);
  }

  Future<Answer> get(Call call) {
    return common.get(call);
  }

  /** Changes what the patch names (RFC 7396); null gives the default. */
  Future<Answer> patch(Call call) {
    return common.change(call, (transaction, endpoint) -> patch(transaction, call, endpoint));
  }

  private Future<Answer> patch(
      PostgresTransaction transaction, Call call, StoredEndpoint endpoint) {
    EndpointSettings before = endpoint.settings();
    ObjectNode patched = Json.patched(before.toJson(), call.json());
    if (call.json().has("filter")) {
      patched.set("filter", call.json().get("filter")); // half of one is none: replaced as a whole
    }
    return Call.with(
        reader.readChanged(call, patched),
        settings ->
            settings.equals(before)
                ? Future.succeededFuture(Reply.shown(endpoint))
                : settings.url().equals(before.url())
                    ? update(transaction, call, endpoint, settings)
                    : reachable(settings, () -> update(transaction, call, endpoint, settings)));
  }

  private Future<Answer> update(
      PostgresTransaction transaction,
      Call call,
      StoredEndpoint endpoint,
      EndpointSettings settings) {
    return stores
        .endpoints
        .update(transaction, call.organization(), endpoint.id(), settings)
        .compose(changed -> changed(transaction, call, "updated", endpoint, changed));
  }

  /** It gets nothing more; what it was still owed is withdrawn right after. */
  Future<Answer> delete(Call call) {
    return common
        .change(call, (transaction, endpoint) -> delete(transaction, call, endpoint))
        .onSuccess(answer -> withdrawDeliveries(answer, call));
  }

  private Future<Answer> delete(
      PostgresTransaction transaction, Call call, StoredEndpoint endpoint) {
    return stores
        .endpoints
        .unsubscribe(transaction, call.organization(), endpoint.id())
        .compose(v -> common.delete(transaction, call, endpoint));
  }

  /** Not waited for: an endpoint that was down for days is owed more than a caller has patience. */
  private void withdrawDeliveries(Answer deletion, Call call) {
    EndpointId id = EndpointId.parse(call.id());
    if (deletion instanceof Reply && id != null) {
      stores
          .deliveries
          .withdraw(call.organization(), id)
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
    return common.change(
        call,
        (transaction, endpoint) ->
            stores
                .endpoints
                .changeStatus(transaction, call.organization(), endpoint.id(), status)
                .compose(changed -> statusChanged(transaction, call, endpoint, changed)));
  }

  private Future<Answer> statusChanged(
      PostgresTransaction transaction, Call call, StoredEndpoint before, StoredEndpoint after) {
    String done = after.status() == Endpoint.Status.ACTIVE ? "activated" : "paused";
    return before.status() == after.status()
        ? Future.succeededFuture(Reply.shown(after))
        : changed(transaction, call, done, before, after);
  }

  private Future<Answer> changed(
      PostgresTransaction transaction,
      Call call,
      String done,
      StoredEndpoint before,
      StoredEndpoint after) {
    ObjectNode shown = after.toJson();
    Map<String, String> headers = before.settings().headers();
    Map<String, String> now = after.settings().headers();
    shown.set("headers", Json.texts(HeaderRules.withoutCredentials(now, headers)));
    return common
        .note(transaction, call, done, after, before.toJson(), shown)
        .map(Reply.shown(after));
  }

  Future<Answer> secret(Call call) {
    return common.secret(call);
  }

  /** Both the new and the earlier secrets sign during the overlap. */
  Future<Answer> rotateSecret(Call call) {
    return common.changeOnce(call, (transaction, endpoint) -> rotate(transaction, call, endpoint));
  }

  private Future<Answer> rotate(
      PostgresTransaction transaction, Call call, StoredEndpoint endpoint) {
    Fields fields = new Fields(call);
    Duration given = SecretCalls.overlap(fields);
    return Call.with(
        fields.result(() -> given),
        overlap ->
            common.rotate(transaction, call, endpoint, SecretTokens.webhookSecret(), overlap));
  }

  private static @Nullable UUID uuid(String text) {
    EndpointId id = EndpointId.parse(text);
    return id == null ? null : id.value();
  }
}
