package dev.usher.bench;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The conditions of one measurement.
 *
 * @param conditions those that differ from their defaults
 * @param javaOptions added to Usher's own
 * @param environment added to Usher's environment
 */
record Setup(
    Map<Condition, Integer> conditions, List<String> javaOptions, Map<String, String> environment) {

  Setup {
    conditions = Map.copyOf(conditions);
    javaOptions = List.copyOf(javaOptions);
    environment = Map.copyOf(environment);
  }

  int of(Condition condition) {
    return conditions.getOrDefault(condition, condition.byDefault());
  }

  /** The same but for one condition. */
  Setup with(Condition condition, int value) {
    Map<Condition, Integer> changed = new EnumMap<>(Condition.class);
    changed.putAll(conditions);
    changed.put(condition, value);
    return new Setup(changed, javaOptions, environment);
  }

  /** A variable of Usher's environment, where it was not given on the command line. */
  Setup withDefault(String variable, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.putIfAbsent(variable, value);
    return new Setup(conditions, javaOptions, changed);
  }

  /** Threads of wrk, of which each needs a connection. */
  int wrkThreads() {
    return Math.min(of(Condition.WRK_THREADS), of(Condition.CONNECTIONS));
  }

  boolean tls() {
    return of(Condition.TLS) == 1;
  }
}
