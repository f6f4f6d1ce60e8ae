package dev.usher.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What Usher wants to reach, beside what a run of the bench has measured of it. */
final class Targets {
  private static final double MIB_RESIDENT = 384;
  private static final double MIB_HEAP = 128;
  private static final double KIB_ALLOCATED = 6;
  private static final double MILLIS_BESIDE_COMMIT = 20;
  private static final double MILLIS_REFUSED = 50;
  private static final double SECONDS_TO_READY = 1.2;
  private static final double GROWTH = 0.15;
  // Resident memory that moves by less is flat: a page more or less, a buffer that grows once.
  private static final double FLAT = 1.05;

  private final Results results;
  private final List<String> rows = new ArrayList<>();

  Targets(Results results) {
    this.results = results;
  }

  /** The whole table; empty where nothing was measured that has a target. */
  String markdown() {
    throughputAndCpu();
    postgres();
    memory();
    latency();
    overload();
    others();
    return "\n| what | target | measured | |\n|---|---|---|---|\n" + String.join("", rows);
  }

  private void throughputAndCpu() {
    atLeast("b/a throughput", 38, Subject.USHER_ACCEPT, Subject.BARE_SERVER);
    atMost("b/a CPU an event", 2.2, Subject.USHER_ACCEPT, Measurement::cpuMicros);
    atMost(
        "b/a CPU an event, with Postgres and Redis",
        4.8,
        Subject.USHER_ACCEPT,
        Measurement::totalMicros);
    atLeast("d/c throughput", 60, Subject.USHER_DELIVER, Subject.BARE_PROXY);
    atMost("d/c CPU an event", 1.5, Subject.USHER_DELIVER, Measurement::cpuMicros);
    atLeast("e/a throughput", 60, Subject.USHER_DUPLICATE, Subject.BARE_SERVER);
    atLeast("f/a throughput", 75, Subject.USHER_FORGED, Subject.BARE_SERVER);
  }

  private void postgres() {
    inside(
        "statements a batch, b", 3, Subject.USHER_ACCEPT, Measurement.Inside::statementsPerBatch);
    inside("commits a batch, b", 1, Subject.USHER_ACCEPT, Measurement.Inside::commitsPerBatch);
    inside("WAL to payload, b", 1.6, Subject.USHER_ACCEPT, Measurement.Inside::walPerPayloadByte);
    inside("WAL to payload, d", 2, Subject.USHER_DELIVER, Measurement.Inside::walPerPayloadByte);
    inside(
        "allocated an event beside the body, b (KiB)",
        KIB_ALLOCATED,
        Subject.USHER_ACCEPT,
        Measurement.Inside::allocatedKib);
  }

  private void memory() {
    double[] peaks =
        results.subjects().entrySet().stream()
            .filter(each -> each.getKey().isUsher())
            .flatMap(each -> each.getValue().stream())
            .mapToDouble(Measurement::peakMib)
            .toArray();
    String target = "≤ %.0f MiB".formatted(MIB_RESIDENT);
    if (peaks.length == 0) {
      notMeasured("resident at full rate", target);
    } else {
      double most = Range.of(peaks).most();
      row("resident at full rate", target, "%.0f MiB".formatted(most), most <= MIB_RESIDENT);
    }
    Optional<Range> live =
        Range.ofInside(measured(Subject.USHER_ACCEPT), Measurement.Inside::liveHeapMib);
    live.ifPresentOrElse(
        range ->
            row(
                "heap, b",
                "≤ %.0f MiB".formatted(MIB_HEAP),
                "held to 128 MiB by -Xmx; live %.0f MiB".formatted(range.most()),
                range.most() <= MIB_HEAP),
        () -> notMeasured("heap, b", "≤ %.0f MiB".formatted(MIB_HEAP)));
  }

  private void latency() {
    String what = "p99 accept at half of the maximum rate, open model";
    results
        .halfRate()
        .ifPresentOrElse(
            half -> {
              double bound = MILLIS_BESIDE_COMMIT + half.commitP99Millis();
              row(
                  what,
                  "≤ 20 ms + a commit's p99 (%.1f ms)".formatted(half.commitP99Millis()),
                  "%.1f ms".formatted(half.run().p99Millis()),
                  half.run().p99Millis() <= bound && half.run().accepted() == half.run().due());
            },
            () -> notMeasured(what, "≤ 20 ms + a commit's p99"));
  }

  private void overload() {
    Optional<Overload> overload = results.overload();
    if (overload.isEmpty()) {
      notMeasured("overload at 3 times capacity", "goodput ≥ 90 %, 503 within 50 ms, memory flat");
      return;
    }
    Overload of = overload.get();
    row(
        "overload: goodput",
        "≥ 90 % of the maximum",
        "%.0f %%".formatted(100 * of.goodputShare()),
        of.goodputShare() >= 0.9);
    row(
        "overload: the rest",
        "503 within 50 ms at p99",
        "%,d refused, p99 %.1f ms; %,d neither"
            .formatted(of.run().refused(), of.run().refusedP99Millis(), of.run().others()),
        of.run().refused() > 0
            && of.run().refusedP99Millis() <= MILLIS_REFUSED
            && of.run().others() == 0);
    row(
        "overload: memory",
        "flat",
        "%.0f MiB, then %.0f MiB".formatted(of.residentMost(false), of.residentMost(true)),
        of.residentMost(true) <= FLAT * of.residentMost(false));
  }

  private void others() {
    String target = "≤ %.1f s".formatted(SECONDS_TO_READY);
    if (results.starts().length == 0) {
      notMeasured("start to ready, stores running", target);
    } else {
      Range seconds = Range.of(results.starts());
      row(
          "start to ready, stores running",
          target,
          seconds.print("%.2f") + " s",
          seconds.median() <= SECONDS_TO_READY);
    }
    if (results.growth().isEmpty()) {
      notMeasured("growth of the CPU an event", "within 15 %");
    } else {
      double gateway = results.growth().worst(false);
      double all = results.growth().worst(true);
      row(
          "growth of the CPU an event",
          "within 15 %",
          "+%.0f %% at most, with the stores +%.0f %%".formatted(100 * gateway, 100 * all),
          Math.max(gateway, all) <= GROWTH);
    }
  }

  private void atLeast(String what, int percent, Subject of, Subject to) {
    String target = "≥ " + percent + " %";
    ratio(of, to, Measurement::eventsPerSecond)
        .ifPresentOrElse(
            value -> row(what, target, "%.0f %%".formatted(100 * value), 100 * value >= percent),
            () -> notMeasured(what, target));
  }

  private void atMost(String what, double most, Subject of, ToDoubleFunction<Measurement> figure) {
    Subject to = of == Subject.USHER_DELIVER ? Subject.BARE_PROXY : Subject.BARE_SERVER;
    String target = "≤ %.1f".formatted(most);
    ratio(of, to, figure)
        .ifPresentOrElse(
            value -> row(what, target, "%.2f".formatted(value), value <= most),
            () -> notMeasured(what, target));
  }

  private Optional<Double> ratio(Subject of, Subject to, ToDoubleFunction<Measurement> figure) {
    List<Measurement> ours = measured(of);
    List<Measurement> bare = measured(to);
    return ours.isEmpty() || bare.isEmpty()
        ? Optional.empty()
        : Optional.of(Report.ratio(ours, bare, figure));
  }

  /** Judged as it is printed: what is counted over a few seconds is no more exact. */
  private void inside(
      String what, double most, Subject of, ToDoubleFunction<Measurement.Inside> figure) {
    String target = "≤ %s".formatted(most == Math.rint(most) ? "%.0f" : "%.1f").formatted(most);
    Range.ofInside(measured(of), figure)
        .ifPresentOrElse(
            range ->
                row(
                    what,
                    target,
                    "%.2f".formatted(range.median()),
                    Math.round(range.median() * 10) <= Math.round(most * 10)),
            () -> notMeasured(what, target));
  }

  private List<Measurement> measured(Subject subject) {
    Map<Subject, List<Measurement>> subjects = results.subjects();
    return subjects.getOrDefault(subject, List.of());
  }

  private void row(String what, String target, String measured, boolean met) {
    rows.add(
        String.format(
            Locale.ROOT,
            "| %s | %s | %s | %s |%n",
            what,
            target,
            measured,
            met ? "met" : "not met"));
  }

  private void notMeasured(String what, String target) {
    rows.add("| %s | %s | not measured | |%n".formatted(what, target));
  }
}
