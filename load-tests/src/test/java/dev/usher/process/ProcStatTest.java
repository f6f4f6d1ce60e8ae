package dev.usher.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcStatTest {
  private static final String REST =
      " S 17 42 42 0 -1 4194304 100 200 0 0 250 50 30 7 20 0 9 0 555 1000 200";

  @Test
  void userAndSystemTimeAreAddedForTheProcessAndForItsEndedChildren() {
    ProcStat stat = ProcStat.parse("42 (postgres)" + REST);

    assertThat(stat).isEqualTo(new ProcStat(42, "postgres", 17, 300, 37));
    assertThat(stat.ownMicros()).isEqualTo(3_000_000);
    assertThat(stat.micros()).isEqualTo(3_370_000);
  }

  @Test
  void aCommandWithSpacesAndParenthesesDoesNotShiftTheFields() {
    assertThat(ProcStat.parse("42 (a) b (c)" + REST))
        .isEqualTo(new ProcStat(42, "a) b (c", 17, 300, 37));
  }

  @Test
  void somethingElseIsRefused() {
    assertThatThrownBy(() -> ProcStat.parse("cpu  1 2 3"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ProcStat.parse("42 (java) S 17"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void thisProcessIsFoundAndHasUsedTime() {
    long pid = ProcessHandle.current().pid();

    assertThat(ProcStat.of(pid)).map(ProcStat::pid).contains(pid);
    assertThat(ProcStat.all()).containsKey(pid);
  }

  @Test
  void theMachinesTimeIsThatOfProcessesAndInterruptsWithoutIdleness() {
    assertThat(MachineCpu.micros(List.of("cpu  100 20 3 9999 555 6 7 8 0 0", "cpu0 1 1 1 1")))
        .isEqualTo(1_360_000);
  }

  @Test
  void whatTheHostGaveToOthersIsToldApart() {
    assertThat(MachineCpu.stolenMicros(List.of("cpu  100 20 3 9999 555 6 7 8 0 0")))
        .isEqualTo(80_000);
  }

  @Test
  void thePeakOfTheResidentSetIsFound() {
    assertThat(
            ResidentMemory.parsePeakKib(
                List.of("Name:\tjava", "VmHWM:\t  184320 kB", "VmRSS:\t  90 kB")))
        .isEqualTo(184_320);
  }
}
