package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.SourceSettingsReader.NewSource;
import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls on sources. */
final class SourceCalls {
  private final PostgresControlStores stores;
  private final Creations creations;
  private final SchemeCatalogue schemes;
  private final SourceSettingsReader reader;
  private final StoredCalls<StoredSource> common;

  SourceCalls(
      PostgresControlStores stores,
      Creations creations,
      SecretCalls secrets,
      SchemeCatalogue schemes) {
    this.stores = stores;
    this.creations = creations;
    this.schemes = schemes;
    this.reader = new SourceSettingsReader(schemes);
    this.common =
        new StoredCalls<>(
            "source",
            SourceCalls::uuid,
            stores.sources.rows,
            stores.transactions,
            creations,
            secrets);
  }

  Future<Answer> create(Call call) {
    return Call.with(
        reader.readNew(call),
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
        .map(made -> Reply.created("/v1/sources/" + id, made.toJson().put("secret", secret), made));
  }

  Future<Answer> list(Call call) {
    return common.list(call);
  }

  Future<Answer> get(Call call) {
    return common.get(call);
  }

  /** Changes what the patch names (RFC 7396); null gives the default. */
  Future<Answer> patch(Call call) {
    return common.change(call, (transaction, source) -> patch(transaction, call, source));
  }

  private Future<Answer> patch(PostgresTransaction transaction, Call call, StoredSource source) {
    SourceSettings before = source.settings();
    ObjectNode patched = Json.patched(before.toJson(), call.json());
    return Call.with(
        reader.readChanged(call, patched, before.scheme()),
        settings ->
            settings.equals(before)
                ? Future.succeededFuture(Reply.shown(source))
                : stores
                    .sources
                    .update(transaction, call.organization(), source.id(), settings)
                    .map(changed -> Reply.shown(changed)));
  }

  /** Nothing is accepted there any more; what was accepted is still delivered. */
  Future<Answer> delete(Call call) {
    return common.change(call, (transaction, source) -> common.delete(transaction, call, source));
  }

  Future<Answer> secret(Call call) {
    return common.secret(call);
  }

  /** Both the new and the earlier secrets verify during the overlap. */
  Future<Answer> rotateSecret(Call call) {
    return common.changeOnce(call, (transaction, source) -> rotate(transaction, call, source));
  }

  private Future<Answer> rotate(PostgresTransaction transaction, Call call, StoredSource source) {
    SourceSettings settings = source.settings();
    Fields fields = new Fields(call);
    Duration overlap = SecretCalls.overlap(fields);
    String given = fields.text("secret");
    if (given != null) {
      reader.checkSecret(settings, given, fields);
    }
    return Call.with(
        fields.result(() -> given == null ? schemes.newSecret(settings.scheme()) : given),
        secret -> common.rotate(transaction, call, source, secret, overlap));
  }

  private static @Nullable UUID uuid(String text) {
    SourceId id = SourceId.parse(text);
    return id == null ? null : id.value();
  }
}
