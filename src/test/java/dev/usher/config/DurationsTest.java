package dev.usher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({"250ms,PT0.25S", "15s,PT15S", "5m,PT5M", "2h,PT2H", "3d,PT72H", "0ms,PT0S"})
  void whatIsReadIsWrittenTheSame(String text, Duration duration) {
    assertThat(Durations.parse(text)).isEqualTo(duration);
    assertThat(Durations.format(duration)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"PT90S,90s", "PT48H,2d", "PT1.5S,1500ms", "PT120M,2h"})
  void theLargestWholeUnitIsWritten(Duration duration, String text) {
    assertThat(Durations.format(duration)).isEqualTo(text);
  }

  @Test
  void listsKeepTheirOrder() {
    List<Duration> list = List.of(Duration.ofMinutes(5), Duration.ofSeconds(5));
    assertThat(Durations.parseList("5m, 5s")).isEqualTo(list);
    assertThat(Durations.parseList(" ")).isEmpty();
    assertThat(Durations.format(list)).isEqualTo("5m,5s");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "15",
        "s",
        "1.5s",
        "-5s",
        "5 s",
        "5S",
        "PT5S",
        "1h30m",
        "9999999999999s",
        "٣s"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a number and a unit");
  }
}
