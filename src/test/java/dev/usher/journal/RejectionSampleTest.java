package dev.usher.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.OrganizationId;
import dev.usher.event.SourceId;
import dev.usher.journal.RejectionSample.Kept;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RejectionSampleTest {
  private static final SourceId FLOODED = new SourceId(new UUID(0, 1));
  private static final SourceId QUIET = new SourceId(new UUID(0, 2));

  private final RejectionSample sample = new RejectionSample();
  private int asked;

  private void refuse(SourceId source, int times) {
    for (int i = 0; i < times; i++) {
      sample.add(source, "unauthenticated", () -> rejection(source));
    }
  }

  private Rejection rejection(SourceId source) {
    asked++;
    OrganizationId organization = new OrganizationId(new UUID(0, 7));
    return new Rejection(
        new UUID(0, asked), organization, source, "unauthenticated", 401, "why", null, null, null);
  }

  private static List<Integer> alike(List<Kept> kept, SourceId source) {
    return kept.stream()
        .filter(one -> source.equals(one.rejection().source()))
        .map(Kept::alike)
        .toList();
  }

  @Test
  void aFloodIsCountedAndAFewOfItAreKept() {
    refuse(FLOODED, 10_000);
    refuse(QUIET, 1);
    List<Kept> kept = sample.take();
    assertThat(alike(kept, FLOODED)).containsExactly(1, 1, 1, 9_997);
    assertThat(alike(kept, QUIET)).containsExactly(1);
    assertThat(asked).isEqualTo(5);
  }

  @Test
  void ofAFloodThatGoesOnOneAnIntervalIsKept() {
    refuse(FLOODED, 100);
    sample.take();
    refuse(FLOODED, 100);
    assertThat(alike(sample.take(), FLOODED)).containsExactly(100);
    sample.take();
    refuse(FLOODED, 2);
    assertThat(alike(sample.take(), FLOODED)).containsExactly(1, 1);
  }

  @Test
  void refusalsOfMoreSourcesThanThereIsRoomForTakeNoMoreMemory() {
    for (int i = 0; i < 100_000; i++) {
      refuse(new SourceId(new UUID(1, i)), 1);
    }
    assertThat(sample.take()).hasSize(RejectionSample.MOST_KEPT);
    assertThat(asked).isEqualTo(RejectionSample.MOST_KEPT);
  }
}
