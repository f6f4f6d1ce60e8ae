package dev.usher.control;

import dev.usher.control.PostgresApiKeys.NewKey;
import dev.usher.event.ApiKeyId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import java.time.Instant;

/** The calls on an organization's keys. */
final class KeyCalls {
  private static final String WHAT = "key";

  private final PostgresControlStores stores;
  private final Creations creations;

  KeyCalls(PostgresControlStores stores, Creations creations) {
    this.stores = stores;
    this.creations = creations;
  }

  /** Makes a key, which is shown this once. */
  Future<Answer> create(Call call) {
    return Call.with(
        read(call),
        wanted -> creations.once(call, transaction -> create(transaction, call, wanted)));
  }

  private Parsed<NewKey> read(Call call) {
    Fields fields = new Fields(call);
    Instant expiresAt = fields.timeAfter(stores.clock.instant(), "expires_at");
    return fields.result(() -> new NewKey(fields.textOrEmpty("name"), role(fields), expiresAt));
  }

  /** Least that is of general use: a member's. */
  private static Role role(Fields fields) {
    Role role = Role.parse(fields.textOrEmpty("role"));
    return role == null ? Role.MEMBER : role;
  }

  private Future<Answer> create(PostgresTransaction transaction, Call call, NewKey wanted) {
    ApiKey key = ApiKey.random(new ApiKeyId(UuidV7.unguessable(stores.clock)));
    return stores
        .apiKeys
        .create(transaction, call.organization(), wanted, key)
        .map(
            made ->
                Reply.created("/v1/keys/" + made.id(), made.toJson().put("api_key", key.text())));
  }

  Future<Answer> list(Call call) {
    Query query = new Query(call);
    PageRequest page = query.page();
    return Call.with(
        query.result(() -> page),
        wanted ->
            stores
                .apiKeys
                .list(call.organization(), wanted)
                .map(found -> found.answer(StoredKey::toJson)));
  }

  Future<Answer> get(Call call) {
    return call.withId(
        ApiKeyId::parse,
        WHAT,
        id ->
            stores
                .apiKeys
                .find(call.organization(), id)
                .compose(
                    found ->
                        Call.found(
                            found, WHAT, key -> Future.succeededFuture(Reply.ok(key.toJson())))));
  }

  /** The key opens nothing from now on; a caller may end its own. */
  Future<Answer> delete(Call call) {
    return call.withId(
        ApiKeyId::parse,
        WHAT,
        id ->
            stores.transactions.run(
                transaction ->
                    stores
                        .apiKeys
                        .delete(transaction, call.organization(), id)
                        .compose(
                            found ->
                                Call.found(
                                    found,
                                    WHAT,
                                    deleted -> Future.succeededFuture(Reply.noContent())))));
  }
}
