package dev.usher.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list, newest first.
 *
 * @param next where the next page begins; null where there are no more rows
 */
record Page<T>(List<T> rows, @Nullable UUID next) {
  /**
   * The page of at most {@code limit} rows.
   *
   * @param rows up to {@code limit + 1}: the one too many tells that there are more
   */
  static <T> Page<T> of(List<T> rows, int limit, Function<T, UUID> id) {
    if (rows.size() <= limit) {
      return new Page<>(List.copyOf(rows), null);
    }
    List<T> shown = List.copyOf(rows.subList(0, limit));
    return new Page<>(shown, id.apply(shown.getLast()));
  }

  Answer answer(Function<T, ObjectNode> shown) {
    ObjectNode json = Json.object();
    ArrayNode data = json.putArray("data");
    rows.forEach(row -> data.add(shown.apply(row)));
    return Reply.ok(json.put("next", next == null ? null : PageRequest.cursor(next)));
  }
}
