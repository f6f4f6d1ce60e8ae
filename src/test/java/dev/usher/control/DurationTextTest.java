package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DurationTextTest {
  @Test
  void whatIsWrittenReadsBackAsTheSame() {
    for (Duration duration :
        List.of(
            Duration.ZERO,
            Duration.ofMillis(1_500),
            Duration.ofSeconds(15),
            Duration.ofSeconds(90),
            Duration.ofMinutes(5),
            Duration.ofHours(10),
            Duration.ofDays(7))) {
      assertThat(DurationText.parse(DurationText.text(duration))).isEqualTo(duration);
    }
    assertThat(DurationText.text(Duration.ofDays(2))).isEqualTo("2d");
    assertThat(DurationText.text(Duration.ofSeconds(90))).isEqualTo("90s");
  }

  @Test
  void whatIsNoDurationIsNull() {
    for (String wrong : List.of("", "5", "s", "-5s", "1.5s", "5 s", "5w", "9999999999s", "٣s")) {
      assertThat(DurationText.parse(wrong)).as(wrong).isNull();
    }
  }
}
