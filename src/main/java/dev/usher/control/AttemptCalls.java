package dev.usher.control;

import dev.usher.control.PostgresAttempts.Filter;
import dev.usher.event.EndpointId;
import dev.usher.event.EventId;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** The call on the log of attempts. */
final class AttemptCalls {
  private final PostgresControlStores stores;

  AttemptCalls(PostgresControlStores stores) {
    this.stores = stores;
  }

  Future<Answer> list(Call call) {
    Query query = new Query(call);
    Filter filter =
        new Filter(
            query.value("status", AttemptCalls::succeeded),
            query.value("endpoint", EndpointId::parse),
            query.value("event", EventId::parse),
            query.type(),
            query.time());
    PageRequest page = query.page();
    return Call.with(
        query.result(() -> filter),
        wanted ->
            stores
                .attempts
                .list(call.organization(), wanted, page)
                .map(found -> found.answer(StoredAttempt::toJson)));
  }

  private static @Nullable Boolean succeeded(String status) {
    return switch (status) {
      case "succeeded" -> true;
      case "failed" -> false;
      default -> null;
    };
  }
}
