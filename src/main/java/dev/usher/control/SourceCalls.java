package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.SourceSettingsReader.NewSource;
import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** The calls on sources. */
final class SourceCalls {
  private static final String WHAT = "source";

  private final PostgresControlStores stores;
  private final Creations creations;
  private final SecretCalls secrets;
  private final SchemeCatalogue schemes;
  private final SourceSettingsReader reader;

  SourceCalls(
      PostgresControlStores stores,
      Creations creations,
      SecretCalls secrets,
      SchemeCatalogue schemes) {
    this.stores = stores;
    this.creations = creations;
    this.secrets = secrets;
    this.schemes = schemes;
    this.reader = new SourceSettingsReader(schemes);
  }

  Future<Answer> create(Call call) {
    return Call.with(
        reader.readNew(call.json()),
        source ->
            creations.once(call, transaction -> create(transaction, call.organization(), source)));
  }

  private Future<Answer> create(
      PostgresTransaction transaction, OrganizationId organization, NewSource source) {
    SourceId id = new SourceId(UuidV7.unguessable(stores.clock));
    String secret =
        Objects.requireNonNullElseGet(
            source.secret(), () -> schemes.newSecret(source.settings().scheme()));
    return stores
        .secrets
        .add(transaction, organization, id.value(), secret)
        .compose(v -> stores.sources.create(transaction, organization, id, source.settings()))
        .map(made -> Reply.created("/v1/sources/" + id, made.toJson().put("secret", secret)));
  }

  Future<Answer> list(Call call) {
    Query query = new Query(call.query());
    PageRequest page = query.page();
    return Call.with(
        query.result(() -> page),
        wanted ->
            stores
                .sources
                .list(call.organization(), wanted)
                .map(found -> found.answer(StoredSource::toJson)));
  }

  Future<Answer> get(Call call) {
    return existing(call, source -> Future.succeededFuture(Reply.ok(source.toJson())));
  }

  /** Changes what the patch names (RFC 7396); null gives the default. */
  Future<Answer> patch(Call call) {
    return call.withId(
        SourceId::parse,
        WHAT,
        id ->
            stores.transactions.run(
                transaction ->
                    locked(transaction, call, id, source -> patch(transaction, call, source))));
  }

  private Future<Answer> patch(PostgresTransaction transaction, Call call, StoredSource source) {
    SourceSettings before = source.settings();
    ObjectNode patched = Json.patched(before.toJson(), call.json());
    return Call.with(
        reader.readChanged(patched, before.scheme()),
        settings ->
            settings.equals(before)
                ? Future.succeededFuture(Reply.ok(source.toJson()))
                : stores
                    .sources
                    .update(transaction, call.organization(), source.id(), settings)
                    .map(changed -> Reply.ok(changed.toJson())));
  }

  /** Nothing is accepted there any more; what was accepted is still delivered. */
  Future<Answer> delete(Call call) {
    return call.withId(
        SourceId::parse,
        WHAT,
        id ->
            stores.transactions.run(
                transaction ->
                    locked(transaction, call, id, source -> delete(transaction, call, source))));
  }

  private Future<Answer> delete(PostgresTransaction transaction, Call call, StoredSource source) {
    OrganizationId organization = call.organization();
    return stores
        .sources
        .delete(transaction, organization, source.id())
        .compose(v -> stores.secrets.delete(transaction, organization, source.id().value()))
        .map(v -> Reply.noContent());
  }

  Future<Answer> secret(Call call) {
    return existing(call, source -> secrets.show(call.organization(), source.id().value()));
  }

  /** Both the new and the earlier secrets verify during the overlap. */
  Future<Answer> rotateSecret(Call call) {
    return call.withId(
        SourceId::parse,
        WHAT,
        id ->
            creations.once(
                call,
                transaction ->
                    locked(transaction, call, id, source -> rotate(transaction, call, source))));
  }

  private Future<Answer> rotate(PostgresTransaction transaction, Call call, StoredSource source) {
    SourceSettings settings = source.settings();
    Fields fields = new Fields(call.json(), List.of("secret", "overlap"));
    Duration overlap = SecretCalls.overlap(fields);
    String given = fields.secret("secret", SourceSettingsReader.MAX_SECRET_CHARACTERS);
    if (given != null) {
      reader.checkSecret(settings, given, fields);
    }
    return Call.with(
        fields.result(() -> given == null ? schemes.newSecret(settings.scheme()) : given),
        secret ->
            stores
                .sources
                .announce(transaction, call.organization(), source.id())
                .compose(
                    announced ->
                        secrets.rotate(
                            transaction,
                            call.organization(),
                            source.id().value(),
                            secret,
                            overlap)));
  }

  private Future<Answer> existing(Call call, Function<StoredSource, Future<Answer>> next) {
    return call.withId(
        SourceId::parse,
        WHAT,
        id ->
            stores
                .sources
                .find(call.organization(), id)
                .compose(found -> Call.found(found, WHAT, next)));
  }

  private Future<Answer> locked(
      PostgresTransaction transaction,
      Call call,
      SourceId id,
      Function<StoredSource, Future<Answer>> next) {
    return stores
        .sources
        .lock(transaction, call.organization(), id)
        .compose(found -> Call.found(found, WHAT, next));
  }
}
