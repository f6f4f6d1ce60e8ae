package dev.usher.control;

import dev.usher.control.PostgresAudit.Filter;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The call on the log of changes. */
final class AuditCalls {
  private final PostgresControlStores stores;

  AuditCalls(PostgresControlStores stores) {
    this.stores = stores;
  }

  private record Listing(@Nullable OrganizationId named, Filter filter) {}

  /** An organization's; the administrator, naming none, sees those of all. */
  Future<Answer> list(Call call) {
    Query query = new Query(call);
    Listing listing =
        new Listing(
            query.value("organization", OrganizationId::parse),
            new Filter(
                query.value("actor", actor -> actor),
                query.value("action", action -> action),
                query.value("target", target -> target),
                query.time()));
    PageRequest page = query.page();
    return Call.with(query.result(() -> listing), wanted -> list(call, wanted, page));
  }

  private Future<Answer> list(Call call, Listing wanted, PageRequest page) {
    OrganizationId own = call.caller().organizationOrNull();
    OrganizationId named = wanted.named;
    if (own != null && named != null && !own.equals(named)) {
      // Another's is not there, whether it exists or not.
      return Future.succeededFuture(
          new Page<StoredChange>(List.of(), null).answer(StoredChange::toJson));
    }
    return stores
        .audit
        .list(own == null ? named : own, wanted.filter, page)
        .map(found -> found.answer(StoredChange::toJson));
  }
}
