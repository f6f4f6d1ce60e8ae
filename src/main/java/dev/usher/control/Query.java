package dev.usher.control;

import dev.usher.event.UuidV7;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a list and gathers what is wrong with them. A parameter that is missing
 * or empty gives null; one that is wrong gives null too and is noted.
 */
final class Query {
  private static final int MAX_TYPE_CHARACTERS = 255;

  private final MultiMap parameters;
  private final List<Fault> faults = new ArrayList<>();

  /** Parameters that are neither {@code known} nor of the page are faults. */
  Query(MultiMap parameters, String... known) {
    this.parameters = parameters;
    List<String> all = new ArrayList<>(List.of(known));
    all.add("limit");
    all.add("cursor");
    for (String name : parameters.names()) {
      if (!all.contains(name)) {
        faults.add(Fault.hidden(name, "only the parameters " + String.join(", ", all)));
      } else if (parameters.getAll(name).size() > 1) {
        faults.add(Fault.hidden(name, "each parameter once"));
      }
    }
  }

  /** What was read where nothing is wrong, else the faults. */
  <T> Parsed<T> result(Supplier<T> value) {
    return faults.isEmpty()
        ? new Parsed.Valid<>(value.get())
        : new Parsed.Invalid<>(List.copyOf(faults));
  }

  /** Which page is wanted. */
  PageRequest page() {
    String most = "a whole number from 1 to " + PageRequest.MAX_LIMIT;
    Integer limit = read("limit", Query::limit, most);
    UUID before = read("cursor", PageRequest::place, "the next of an earlier answer");
    return new PageRequest(
        limit == null ? PageRequest.DEFAULT_LIMIT : limit,
        before == null ? PageRequest.START : before);
  }

  /** An id of the kind that {@code parse} reads. */
  <T> @Nullable T id(String name, Function<String, @Nullable T> parse, String prefix) {
    return read(name, parse, "an id: " + prefix + "_ and 26 characters");
  }

  @Nullable String type() {
    String expected = "an event type of at most " + MAX_TYPE_CHARACTERS + " characters";
    return read("type", Query::eventType, expected);
  }

  <T> @Nullable T choice(String name, Function<String, @Nullable T> parse, String expected) {
    return read(name, parse, expected);
  }

  /**
   * From {@code since} up to but without {@code until}, as ids; everything where they are missing.
   */
  IdRange time() {
    String expected = "a time such as 2025-11-23T14:10:00Z";
    Instant since = read("since", Times::parse, expected);
    Instant until = read("until", Times::parse, expected);
    return new IdRange(
        UuidV7.lowest(since == null ? 0 : since.toEpochMilli()),
        until == null ? PageRequest.START : UuidV7.lowest(until.toEpochMilli()));
  }

  /**
   * A range of time as a range of ids, which begin with their time: so the database reads only the
   * days that are asked for.
   */
  record IdRange(UUID from, UUID below) {}

  private <T> @Nullable T read(String name, Function<String, @Nullable T> parse, String expected) {
    String text = parameters.get(name);
    if (text == null || text.isEmpty()) {
      return null;
    }
    T value = parse.apply(text);
    if (value == null) {
      faults.add(Fault.of(name, text, expected));
    }
    return value;
  }

  private static @Nullable Integer limit(String text) {
    boolean number = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(Query::isDigit);
    int limit = number ? Integer.parseInt(text) : 0;
    return limit >= 1 && limit <= PageRequest.MAX_LIMIT ? limit : null;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static @Nullable String eventType(String text) {
    return text.length() <= MAX_TYPE_CHARACTERS && TextRules.isOneLine(text) ? text : null;
  }
}
