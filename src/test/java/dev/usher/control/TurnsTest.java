package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private final List<String> started = new ArrayList<>();
  private final Turns<String> turns = new Turns<>(2);

  private boolean take(String who, String work) {
    return turns.take(who, () -> started.add(work));
  }

  @Test
  void whoHasWorkUnderWayWaitsBehindHimselfAndNobodyElseDoes() {
    take("a", "a1");
    take("a", "a2");
    take("b", "b1");
    assertThat(started).containsExactly("a1", "b1");
    turns.ended("b");
    assertThat(started).containsExactly("a1", "b1");
    turns.ended("a");
    assertThat(started).containsExactly("a1", "b1", "a2");
  }

  @Test
  void aLineIsBoundedAndHasRoomAgainWhenItMovesOn() {
    assertThat(take("a", "1")).isTrue();
    assertThat(take("a", "2")).isTrue();
    assertThat(take("a", "3")).isTrue();
    assertThat(take("a", "4")).isFalse();
    turns.ended("a");
    assertThat(take("a", "5")).isTrue();
    turns.ended("a");
    turns.ended("a");
    turns.ended("a");
    assertThat(started).containsExactly("1", "2", "3", "5");
    assertThat(take("a", "6")).isTrue();
    assertThat(started).endsWith("6");
  }
}
