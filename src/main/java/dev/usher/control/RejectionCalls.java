package dev.usher.control;

import dev.usher.control.PostgresRejections.Filter;
import dev.usher.event.SourceId;
import io.vertx.core.Future;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The call on the sample of refused requests. */
final class RejectionCalls {
  private static final Pattern CODE = Pattern.compile("[a-z][a-z-]{0,63}");

  private final PostgresControlStores stores;

  RejectionCalls(PostgresControlStores stores) {
    this.stores = stores;
  }

  /** An organization's; without one, those of requests that named no source. */
  Future<Answer> list(Call call) {
    Query query = new Query(call.query(), "source", "code", "since", "until");
    Filter filter =
        new Filter(
            query.id("source", SourceId::parse, "src"),
            query.choice("code", RejectionCalls::code, "a code such as unauthenticated"),
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

  private static @Nullable String code(String text) {
    return CODE.matcher(text).matches() ? text : null;
  }
}
