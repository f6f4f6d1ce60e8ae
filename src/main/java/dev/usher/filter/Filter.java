package dev.usher.filter;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A predicate on a payload. A value that is missing equals nothing; in a body that is not JSON all
 * values are missing.
 */
public sealed interface Filter {

  /** What is asked of the value at {@code at}. */
  record Value(Pointer at, Condition condition) implements Filter {}

  /** All of them. */
  record And(List<Filter> parts) implements Filter {}

  /** At least one of them. */
  record Or(List<Filter> parts) implements Filter {}

  /** Not this one. */
  record Not(Filter part) implements Filter {}

  /** What may be asked of one value. */
  sealed interface Condition {
    /** It is one of these: equals and in. */
    record OneOf(Set<Found> values) implements Condition {}

    /** It is a string that begins so. */
    record Prefix(String prefix) implements Condition {}

    /** It is there, even as null; or it is not. */
    record Exists(boolean wanted) implements Condition {}

    /** Whether {@code found} fulfils this. */
    default boolean holds(Found found) {
      return switch (this) {
        case OneOf(Set<Found> values) -> values.contains(found);
        case Prefix(String prefix) ->
            found instanceof Found.Text(String text) && text.startsWith(prefix);
        case Exists(boolean wanted) -> wanted != (found instanceof Found.Missing);
      };
    }
  }

  /** Whether a payload with these values is wanted. */
  default boolean accepts(Function<Pointer, Found> values) {
    return switch (this) {
      case Value(Pointer at, Condition condition) -> condition.holds(values.apply(at));
      case And(List<Filter> parts) -> parts.stream().allMatch(part -> part.accepts(values));
      case Or(List<Filter> parts) -> parts.stream().anyMatch(part -> part.accepts(values));
      case Not(Filter part) -> !part.accepts(values);
    };
  }

  /**
   * Whether {@code body} is wanted. For one body now and then: it is read for this filter alone.
   */
  default boolean accepts(byte[] body) {
    Pointers pointers = Pointers.of(List.of(this));
    return accepts(pointers.read(body));
  }

  /** Names every place at which this looks. */
  default void places(Consumer<Pointer> place) {
    switch (this) {
      case Value(Pointer at, Condition _) -> place.accept(at);
      case And(List<Filter> parts) -> parts.forEach(part -> part.places(place));
      case Or(List<Filter> parts) -> parts.forEach(part -> part.places(place));
      case Not(Filter part) -> part.places(place);
    }
  }
}
