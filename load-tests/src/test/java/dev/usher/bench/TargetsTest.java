package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private final Results results = new Results();

  @Test
  void whatWasNotMeasuredSaysSo() {
    assertThat(new Targets(results).markdown())
        .contains("| b/a throughput | ≥ 38 % | not measured | |")
        .contains("| start to ready, stores running | ≤ 1.2 s | not measured | |")
        .doesNotContain("met |");
  }

  @Test
  void eachRatioIsHeldAgainstItsTarget() {
    results.add(Subject.BARE_SERVER, Samples.bare(50_000, 10));
    results.add(Subject.USHER_ACCEPT, Samples.usher(20_000, 25, 20));
    results.add(Subject.USHER_DUPLICATE, Samples.usher(20_000, 25, 20));

    assertThat(new Targets(results).markdown())
        .contains("| b/a throughput | ≥ 38 % | 40 % | met |")
        .contains("| b/a CPU an event | ≤ 2.2 | 2.50 | not met |")
        .contains("| e/a throughput | ≥ 60 % | 40 % | not met |")
        .contains("| d/c throughput | ≥ 60 % | not measured | |");
  }

  @Test
  void whatIsCountedIsJudgedToATenth() {
    results.add(Subject.USHER_ACCEPT, Samples.usher(20_000, 25, 20));

    assertThat(new Targets(results).markdown())
        .contains("| statements a batch, b | ≤ 3 | 1.04 | met |")
        .contains("| commits a batch, b | ≤ 1 | 1.02 | met |")
        .contains("| WAL to payload, b | ≤ 1.6 | 1.40 | met |");
  }

  @Test
  void theP99IsHeldAgainstTheStoresOwnCommit() {
    results.set(new HalfRate(Samples.open(5_000, 10, 50_000, 0, 31, 0), 2, 12, 900));

    assertThat(new Targets(results).markdown())
        .contains("| ≤ 20 ms + a commit's p99 (12.0 ms) | 31.0 ms | met |");
  }

  @Test
  void anOverloadThatRefusesNothingIsNoneAndNotMet() {
    results.set(
        new Overload(10_000, Samples.open(30_000, 10, 95_000, 0, 400, 0), List.of(200.0, 300.0)),
        "");

    assertThat(new Targets(results).markdown())
        .contains("| overload: goodput | ≥ 90 % of the maximum | 95 % | met |")
        .contains("| 0 refused, p99 0.0 ms; 0 neither | not met |")
        .contains("| overload: memory | flat | 200 MiB, then 300 MiB | not met |");
  }

  @Test
  void growthIsTheWorstOfItsConditions() {
    results.growth().add(new Growth.Step(Condition.ENDPOINTS, 10), Samples.usher(9_000, 40, 20));
    results
        .growth()
        .add(new Growth.Step(Condition.ENDPOINTS, 10_000), Samples.usher(9_000, 42, 30));
    results.growth().add(new Growth.Step(Condition.ROWS, 0), Samples.usher(9_000, 40, 20));
    results.growth().add(new Growth.Step(Condition.ROWS, 1_000), Samples.usher(9_000, 44, 22));

    assertThat(new Targets(results).markdown())
        .contains("| within 15 % | +10 % at most, with the stores +20 % | not met |");
    assertThat(results.growth().markdown())
        .contains("| 10,000 endpoints | 9,000 | 42.0 | 72.0 |")
        .contains("| most to least, endpoints | | +5 % | +20 % |");
  }
}
