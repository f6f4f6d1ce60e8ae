package dev.usher.control;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/**
 * A list with filters that no index answers. Such a page reads a bounded number of rows and may
 * come out short, even empty, with a {@code next} from where the search goes on: no filter makes a
 * slow query.
 *
 * <p>The statement must give the columns {@code id}; {@code wanted}, whether the filters let the
 * row through; and {@code scanned}, how many rows were read. It gives the wanted rows, at most one
 * more than the limit, and the last row that was read in any case.
 */
final class PostgresScan {
  /** A few tens of milliseconds' work. */
  static final int MAX_ROWS = 10_000;

  private PostgresScan() {}

  /** How many rows a page may read: without filters one more than it shows. */
  static int rows(int limit, boolean filtered) {
    return filtered ? MAX_ROWS : limit + 1;
  }

  /** The page in the statement's rows. */
  static <T> Page<T> page(RowSet<Row> rows, int limit, boolean filtered, Function<Row, T> value) {
    List<T> wanted = new ArrayList<>();
    UUID lastShown = PageRequest.START;
    UUID lastRead = PageRequest.START;
    long scanned = 0;
    boolean more = false;
    for (Row row : rows) {
      lastRead = row.getUUID("id");
      scanned = row.getLong("scanned");
      if (row.getBoolean("wanted")) {
        if (wanted.size() == limit) {
          more = true;
          break;
        }
        wanted.add(value.apply(row));
        lastShown = lastRead;
      }
    }
    if (more) {
      return new Page<>(wanted, lastShown);
    }
    return new Page<>(wanted, scanned == rows(limit, filtered) ? lastRead : null);
  }
}
