package dev.usher.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private final Schedule schedule = new Schedule(10, 2 * SECOND, 100, 3 * SECOND);

  @Test
  void theWarmUpComesFirstAtItsOwnRate() {
    assertThat(schedule.dueBy(SECOND)).isEqualTo(10);
    assertThat(schedule.dueBy(2 * SECOND)).isEqualTo(20);
    assertThat(schedule.dueAt(10)).isEqualTo(SECOND);
  }

  @Test
  void thenComesWhatIsMeasured() {
    assertThat(schedule.dueBy(3 * SECOND)).isEqualTo(120);
    assertThat(schedule.dueAt(20)).isEqualTo(2 * SECOND);
    assertThat(schedule.dueAt(120)).isEqualTo(3 * SECOND);
    assertThat(schedule.measured()).isEqualTo(300);
    assertThat(schedule.endNanos()).isEqualTo(5 * SECOND);
  }

  @Test
  void withoutAWarmUpAllIsMeasured() {
    Schedule none = new Schedule(0, 0, 100, SECOND);

    assertThat(none.measured()).isEqualTo(100);
    assertThat(none.dueAt(0)).isZero();
  }
}
