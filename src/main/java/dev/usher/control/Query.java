package dev.usher.control;

import static java.util.stream.Collectors.toUnmodifiableSet;

import dev.usher.event.UuidV7;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a list and gathers what is wrong with them. A parameter that is missing
 * or empty gives null; one that is wrong gives null too and is noted, once.
 */
final class Query {
  private final MultiMap parameters;
  private final List<Fault> faults;
  private final Set<String> described;

  /** Begins with what the API's description finds wrong. */
  Query(Call call) {
    this.parameters = call.query();
    this.faults = new ArrayList<>(call.faults());
    this.described = call.faults().stream().map(Fault::field).collect(toUnmodifiableSet());
  }

  /** What was read where nothing is wrong, else the faults. */
  <T> Parsed<T> result(Supplier<T> value) {
    return faults.isEmpty()
        ? new Parsed.Valid<>(value.get())
        : new Parsed.Invalid<>(List.copyOf(faults));
  }

  /** Which page is wanted. */
  PageRequest page() {
    Integer limit = value("limit", Integer::valueOf);
    UUID before = read("cursor", PageRequest::place, "the next of an earlier answer");
    return new PageRequest(
        limit == null ? PageRequest.DEFAULT_LIMIT : limit,
        before == null ? PageRequest.START : before);
  }

  /** What {@code parse} reads, where the description says all that there is to say. */
  <T> @Nullable T value(String name, Function<String, @Nullable T> parse) {
    return read(name, parse, "another value");
  }

  @Nullable String type() {
    return value("type", text -> text);
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
    if (text == null || text.isEmpty() || described.contains(name)) {
      return null;
    }
    T value = parse.apply(text);
    if (value == null) {
      faults.add(Fault.of(name, text, expected));
    }
    return value;
  }
}
