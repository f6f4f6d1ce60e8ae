package dev.usher.config;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown by a configuration record for values out of their ranges; it names all of them. */
final class InvalidConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient List<Fault> faults;

  InvalidConfigException(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  List<Fault> faults() {
    return faults;
  }
}
