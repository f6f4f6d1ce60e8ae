package dev.usher.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that a run has measured so far. */
final class Results {
  private final Map<Subject, List<Measurement>> subjects = new EnumMap<>(Subject.class);
  private final Map<Sweep, Map<Integer, Map<Subject, List<Measurement>>>> sweeps =
      new LinkedHashMap<>();
  private final Growth growth = new Growth();
  private final List<String> failures = new ArrayList<>();
  private final List<String> profiles = new ArrayList<>();
  private @Nullable HalfRate halfRate;
  private @Nullable Overload overload;
  private String overloadEnvironment = "";
  private double[] starts = new double[0];

  Map<Subject, List<Measurement>> subjects() {
    return subjects;
  }

  Optional<HalfRate> halfRate() {
    return Optional.ofNullable(halfRate);
  }

  Optional<Overload> overload() {
    return Optional.ofNullable(overload);
  }

  /** Seconds of each start. */
  double[] starts() {
    return starts.clone();
  }

  Growth growth() {
    return growth;
  }

  void add(Subject subject, Measurement measurement) {
    subjects.computeIfAbsent(subject, _ -> new ArrayList<>()).add(measurement);
  }

  void add(Sweep sweep, int value, Subject subject, Measurement measurement) {
    sweeps
        .computeIfAbsent(sweep, _ -> new TreeMap<>())
        .computeIfAbsent(value, _ -> new EnumMap<>(Subject.class))
        .computeIfAbsent(subject, _ -> new ArrayList<>())
        .add(measurement);
  }

  void set(HalfRate measured) {
    halfRate = measured;
  }

  /**
   * @param environment what the overloaded gateway had besides, for the heading
   */
  void set(Overload measured, String environment) {
    overload = measured;
    overloadEnvironment = environment;
  }

  void set(double[] secondsToReady) {
    starts = secondsToReady.clone();
  }

  void addProfile(String file) {
    profiles.add(file);
  }

  /** Something could not be measured; the rest goes on. */
  void fail(String what) {
    failures.add(what);
  }

  boolean failed() {
    return !failures.isEmpty();
  }

  /** Everything as Markdown, the targets last. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    if (!subjects.isEmpty()) {
      text.append(new Report(subjects).markdown());
    }
    sweeps.forEach((sweep, byValue) -> text.append(Report.sweep(sweep, byValue)));
    halfRate().ifPresent(half -> text.append(half.markdown()));
    overload().ifPresent(over -> text.append(over.markdown(overloadEnvironment)));
    if (starts.length > 0) {
      text.append("\nStart to ready, stores running: ")
          .append(Range.of(starts).print("%.2f"))
          .append(" s, %d starts.%n".formatted(starts.length));
    }
    if (!growth.isEmpty()) {
      text.append(growth.markdown());
    }
    text.append(new Targets(this).markdown());
    profiles.forEach(file -> text.append("\nProfile: ").append(file).append('\n'));
    failures.forEach(failure -> text.append("\n**Not measured**: ").append(failure).append('\n'));
    return text.toString();
  }
}
