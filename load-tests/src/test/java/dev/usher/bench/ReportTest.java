package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReportTest {
  private final Map<Subject, List<Measurement>> measurements = new EnumMap<>(Subject.class);

  @Test
  void rowsHaveTheMedianWithTheLeastAndTheMost() {
    measurements.put(
        Subject.BARE_SERVER,
        List.of(Samples.bare(50_000, 12), Samples.bare(40_000, 14), Samples.bare(46_000, 13)));

    assertThat(new Report(measurements).markdown())
        .contains("| (a) bare server: reads, answers | 46,000 (40,000–50,000) |")
        .contains("| 13.0 (12.0–14.0) | 1.0 | | |")
        .contains("| 0.10 | 0.25 |")
        .doesNotContain("ratio")
        .doesNotContain("batch");
  }

  @Test
  void ratiosAreThoseOfTheMedians() {
    measurements.put(
        Subject.BARE_SERVER, List.of(Samples.bare(50_000, 10), Samples.bare(40_000, 10)));
    measurements.put(Subject.USHER_ACCEPT, List.of(Samples.usher(18_000, 25, 20)));

    assertThat(new Report(measurements).markdown())
        .contains("| b/a throughput | 40 % |")
        .contains("| b/a CPU an event | 2.50 |")
        .contains("| b/a CPU an event, with Postgres and Redis | 4.50 |")
        .contains("| (b) Usher: accepts | 120 | 1.04 | 1.02 | 1.40 | 5.5 | 60 | |");
  }

  @Test
  void aSweepHasARowForEachValueAndARatioForEach() {
    Map<Integer, Map<Subject, List<Measurement>>> byValue = new TreeMap<>();
    for (int connections : List.of(64, 1_024)) {
      Map<Subject, List<Measurement>> bySubject = new EnumMap<>(Subject.class);
      bySubject.put(Subject.BARE_SERVER, List.of(Samples.bare(50_000, 10)));
      bySubject.put(Subject.USHER_ACCEPT, List.of(Samples.usher(25_000, 25, 20)));
      byValue.put(connections, bySubject);
    }

    assertThat(Report.sweep(Sweep.CONNECTIONS, byValue))
        .contains("Sweep of connections")
        .contains("| 64: (a) | 50,000 |")
        .contains("| 1,024: (b) | 25,000 |")
        .contains("| 1,024: b/a throughput | 50 % |");
  }
}
