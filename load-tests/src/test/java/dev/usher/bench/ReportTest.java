package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ReportTest {
  @Test
  void rowsHaveTheMedianWithTheLeastAndTheMost() {
    Map<Subject, List<Measurement>> measurements = new EnumMap<>(Subject.class);
    measurements.put(
        Subject.BARE_SERVER, List.of(of(50_000, 12, 0), of(40_000, 14, 0), of(46_000, 13, 0)));

    assertThat(new Report(measurements).markdown())
        .contains("| (a) bare server: reads, answers | 46,000 (40,000–50,000) |")
        .contains("| 13.0 (12.0–14.0) | 1.0 | | |")
        .doesNotContain("ratio");
  }

  @Test
  void ratiosAreThoseOfTheMedians() {
    Map<Subject, List<Measurement>> measurements = new EnumMap<>(Subject.class);
    measurements.put(Subject.BARE_SERVER, List.of(of(50_000, 10, 0), of(40_000, 10, 0)));
    measurements.put(Subject.USHER_ACCEPT, List.of(of(18_000, 25, 20)));

    assertThat(new Report(measurements).markdown())
        .contains("| b/a throughput | 40 % |")
        .contains("| b/a CPU an event | 2.50 |")
        .contains("| b/a CPU an event, with Postgres and Redis | 4.50 |");
  }

  private static Measurement of(double perSecond, double cpuMicros, double postgresMicros) {
    return new Measurement(
        perSecond, OptionalDouble.empty(), 5, 20, cpuMicros, 1, postgresMicros, 0, 180, 9, 0.1);
  }
}
