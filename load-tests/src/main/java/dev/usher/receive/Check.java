package dev.usher.receive;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Something that must hold when the load is over.
 *
 * @param name what must hold, for the report
 * @param patience how long it may take to come true
 * @param fault why it does not hold now; empty where it does
 */
public record Check(String name, Duration patience, Supplier<Optional<String>> fault) {

  /** One that holds at once or never. */
  public static Check now(String name, Supplier<Optional<String>> fault) {
    return new Check(name, Duration.ZERO, fault);
  }

  /** The fault where {@code holds} is false. */
  public static Optional<String> unless(boolean holds, String fault) {
    return holds ? Optional.empty() : Optional.of(fault);
  }
}
