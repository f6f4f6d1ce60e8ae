package dev.usher.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The result of a run as Markdown: a row a subject, then the ratios. */
record Report(Map<Subject, List<Measurement>> measurements) {
  private static final String HEADINGS =
      """
      | | events/s | p50 ms | p99 ms | CPU µs an event | of it JIT | Postgres | Redis | wrk | peak MiB | other CPUs |
      |---|---|---|---|---|---|---|---|---|---|---|
      """;

  /** Figures are medians over the rounds, with the least and the most in brackets. */
  String markdown() {
    StringBuilder text = new StringBuilder(HEADINGS);
    measurements.forEach((subject, measured) -> text.append(row(subject, measured)));
    List<String> ratios = new ArrayList<>();
    ratios.addAll(ratios(Subject.USHER_ACCEPT, Subject.BARE_SERVER));
    ratios.addAll(ratios(Subject.USHER_DELIVER, Subject.BARE_PROXY));
    if (!ratios.isEmpty()) {
      text.append("\n| ratio of the medians | |\n|---|---|\n");
      ratios.forEach(ratio -> text.append(ratio).append('\n'));
    }
    return text.toString();
  }

  private static String row(Subject subject, List<Measurement> measured) {
    String events = Range.of(measured, Measurement::eventsPerSecond).print("%,.0f");
    if (measured.getFirst().acceptedPerSecond().isPresent()) {
      events +=
          " delivered, "
              + Range.of(measured, each -> each.acceptedPerSecond().orElse(0)).print("%,.0f")
              + " accepted";
    }
    String stores =
        subject.isUsher()
            ? cell(measured, Measurement::postgresMicros, "%.1f")
                + cell(measured, Measurement::redisMicros, "%.1f")
            : " | |";
    return "| (%c) %s | %s |".formatted(subject.letter(), subject.title(), events)
        + cell(measured, Measurement::p50Millis, "%.1f")
        + cell(measured, Measurement::p99Millis, "%.1f")
        + cell(measured, Measurement::cpuMicros, "%.1f")
        + cell(measured, Measurement::compilerMicros, "%.1f")
        + stores
        + cell(measured, Measurement::loadCpuMicros, "%.1f")
        + cell(measured, Measurement::peakMib, "%.0f")
        + cell(measured, Measurement::otherCpus, "%.2f")
        + "\n";
  }

  private static String cell(
      List<Measurement> measured, ToDoubleFunction<Measurement> figure, String format) {
    return " " + Range.of(measured, figure).print(format) + " |";
  }

  private List<String> ratios(Subject of, Subject to) {
    List<Measurement> ours = measurements.getOrDefault(of, List.of());
    List<Measurement> bare = measurements.getOrDefault(to, List.of());
    if (ours.isEmpty() || bare.isEmpty()) {
      return List.of();
    }
    String name = of.letter() + "/" + to.letter();
    return List.of(
        line(
            name + " throughput", "%.0f %%", 100 * ratio(ours, bare, Measurement::eventsPerSecond)),
        line(name + " CPU an event", "%.2f", ratio(ours, bare, Measurement::cpuMicros)),
        line(
            name + " CPU an event, with Postgres and Redis",
            "%.2f",
            ratio(ours, bare, Measurement::totalMicros)));
  }

  private static String line(String name, String format, double value) {
    return "| " + name + " | " + String.format(Locale.ROOT, format, value) + " |";
  }

  private static double ratio(
      List<Measurement> ours, List<Measurement> bare, ToDoubleFunction<Measurement> figure) {
    return Range.of(ours, figure).median() / Range.of(bare, figure).median();
  }
}
