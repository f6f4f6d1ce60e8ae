package dev.usher.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Subjects beside each other as Markdown: a row a subject, what is inside of Usher, the ratios. */
record Report(Map<Subject, List<Measurement>> measurements) {
  private static final String HEADINGS =
      """
      | | events/s | p50 ms | p99 ms | CPU µs an event | of it JIT | Postgres | Redis | wrk | peak MiB | other CPUs | stolen CPUs |
      |---|---|---|---|---|---|---|---|---|---|---|---|
      """;
  private static final String INSIDE_HEADINGS =
      """

      | | events a batch | statements a batch | commits a batch | WAL/payload | allocated KiB an event | live heap MiB | from Redis |
      |---|---|---|---|---|---|---|---|
      """;

  /** Figures are medians over the rounds, with the least and the most in brackets. */
  String markdown() {
    StringBuilder text = new StringBuilder(HEADINGS);
    measurements.forEach(
        (subject, measured) -> text.append(row(title(subject), subject, measured)));
    if (measurements.keySet().stream().anyMatch(Subject::isUsher)) {
      text.append(INSIDE_HEADINGS);
      measurements.forEach(
          (subject, measured) -> text.append(insideRow(title(subject), subject, measured)));
    }
    List<String> ratios = new ArrayList<>();
    ratios.addAll(ratios(Subject.USHER_ACCEPT, Subject.BARE_SERVER));
    ratios.addAll(ratios(Subject.USHER_DELIVER, Subject.BARE_PROXY));
    ratios.addAll(ratios(Subject.USHER_DUPLICATE, Subject.BARE_SERVER));
    ratios.addAll(ratios(Subject.USHER_FORGED, Subject.BARE_SERVER));
    if (!ratios.isEmpty()) {
      text.append("\n| ratio of the medians | |\n|---|---|\n");
      ratios.forEach(ratio -> text.append(ratio).append('\n'));
    }
    return text.toString();
  }

  private static String title(Subject subject) {
    return "(%c) %s".formatted(subject.letter(), subject.title());
  }

  /** The table of a sweep: a row for each value and subject. */
  static String sweep(Sweep sweep, Map<Integer, Map<Subject, List<Measurement>>> byValue) {
    StringBuilder text = new StringBuilder("\nSweep of ").append(sweep.condition().option());
    text.append(":\n\n").append(HEADINGS);
    byValue.forEach(
        (value, bySubject) ->
            bySubject.forEach(
                (subject, measured) -> text.append(row(title(value, subject), subject, measured))));
    StringBuilder inside = new StringBuilder();
    StringBuilder ratios = new StringBuilder();
    byValue.forEach(
        (value, bySubject) -> {
          bySubject.forEach(
              (subject, measured) ->
                  inside.append(insideRow(title(value, subject), subject, measured)));
          Report report = new Report(bySubject);
          report.ratios(Subject.USHER_ACCEPT, Subject.BARE_SERVER).stream()
              .map(line -> "| %,d: ".formatted(value) + line.substring(2) + "\n")
              .forEach(ratios::append);
          report.ratios(Subject.USHER_DELIVER, Subject.BARE_PROXY).stream()
              .map(line -> "| %,d: ".formatted(value) + line.substring(2) + "\n")
              .forEach(ratios::append);
        });
    if (!inside.isEmpty()) {
      text.append(INSIDE_HEADINGS).append(inside);
    }
    if (!ratios.isEmpty()) {
      text.append("\n| ratio of the medians | |\n|---|---|\n").append(ratios);
    }
    return text.toString();
  }

  private static String title(int value, Subject subject) {
    return "%,d: (%c)".formatted(value, subject.letter());
  }

  private static String row(String title, Subject subject, List<Measurement> measured) {
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
    return "| %s | %s |".formatted(title, events)
        + cell(measured, Measurement::p50Millis, "%.1f")
        + cell(measured, Measurement::p99Millis, "%.1f")
        + cell(measured, Measurement::cpuMicros, "%.1f")
        + cell(measured, Measurement::compilerMicros, "%.1f")
        + stores
        + cell(measured, Measurement::loadCpuMicros, "%.1f")
        + cell(measured, Measurement::peakMib, "%.0f")
        + cell(measured, Measurement::otherCpus, "%.2f")
        + cell(measured, Measurement::stolenCpus, "%.2f")
        + "\n";
  }

  private static String insideRow(String title, Subject subject, List<Measurement> measured) {
    if (!subject.isUsher()) {
      return "";
    }
    return "| %s |".formatted(title)
        + insideCell(measured, Measurement.Inside::eventsPerBatch, "%.0f")
        + insideCell(measured, Measurement.Inside::statementsPerBatch, "%.2f")
        + insideCell(measured, Measurement.Inside::commitsPerBatch, "%.2f")
        + insideCell(measured, Measurement.Inside::walPerPayloadByte, "%.2f")
        + insideCell(measured, Measurement.Inside::allocatedKib, "%.1f")
        + insideCell(measured, Measurement.Inside::liveHeapMib, "%.0f")
        + insideCell(measured, Measurement.Inside::rememberedShare, "%.3f")
        + "\n";
  }

  private static String cell(
      List<Measurement> measured, ToDoubleFunction<Measurement> figure, String format) {
    return " " + Range.of(measured, figure).print(format) + " |";
  }

  private static String insideCell(
      List<Measurement> measured, ToDoubleFunction<Measurement.Inside> figure, String format) {
    return Range.ofInside(measured, figure).map(range -> " " + range.print(format)).orElse("")
        + " |";
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

  /** Of the medians. */
  static double ratio(
      Collection<Measurement> ours,
      Collection<Measurement> bare,
      ToDoubleFunction<Measurement> figure) {
    return Range.of(ours, figure).median() / Range.of(bare, figure).median();
  }
}
