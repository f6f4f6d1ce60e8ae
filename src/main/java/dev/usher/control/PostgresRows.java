package dev.usher.control;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns rows and columns into values. */
final class PostgresRows {
  private PostgresRows() {}

  static <T> List<T> all(RowSet<Row> rows, Function<Row, T> value) {
    List<T> values = new ArrayList<>(rows.size());
    rows.forEach(row -> values.add(value.apply(row)));
    return values;
  }

  /** The only row; empty where there is none. */
  static <T> Optional<T> one(RowSet<Row> rows, Function<Row, T> value) {
    var row = rows.iterator();
    return row.hasNext() ? Optional.of(value.apply(row.next())) : Optional.empty();
  }

  static Instant time(Row row, String column) {
    return row.getOffsetDateTime(column).toInstant();
  }

  static @Nullable Instant timeOrNull(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }

  static byte @Nullable [] bytesOrNull(Row row, String column) {
    Buffer bytes = row.getBuffer(column);
    return bytes == null ? null : bytes.getBytes();
  }

  /** A jsonb column that holds an object of strings. */
  static Map<String, String> texts(Row row, String column) {
    Map<String, String> texts = new LinkedHashMap<>();
    row.getJsonObject(column)
        .forEach(member -> texts.put(member.getKey(), (String) member.getValue()));
    return texts;
  }

  static JsonObject jsonb(Map<String, String> texts) {
    return new JsonObject(new LinkedHashMap<>(texts));
  }
}
