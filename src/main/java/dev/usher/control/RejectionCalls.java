package dev.usher.control;

import dev.usher.control.PostgresRejections.Filter;
import dev.usher.event.SourceId;
import io.vertx.core.Future;

/** The call on the sample of refused requests. */
final class RejectionCalls {

  private final PostgresControlStores stores;

  RejectionCalls(PostgresControlStores stores) {
    this.stores = stores;
  }

  /** An organization's; without one, those of requests that named no source. */
  Future<Answer> list(Call call) {
    Query query = new Query(call);
    Filter filter =
        new Filter(
            query.value("source", SourceId::parse),
            query.value("code", code -> code),
            query.time());
    PageRequest page = query.page();
    return Call.with(
        query.result(() -> filter),
        wanted ->
            stores
                .rejections
                .list(call.keySpace(), wanted, page)
                .map(found -> found.answer(StoredRejection::toJson)));
  }
}
