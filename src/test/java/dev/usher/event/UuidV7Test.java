package dev.usher.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UuidV7Test {
  private static final long NOW = 1_763_900_000_000L;

  private final AtomicLong millis = new AtomicLong(NOW);
  private final InstantSource clock = () -> Instant.ofEpochMilli(millis.get());
  private final UuidV7 ids = new UuidV7(clock);

  @Test
  void versionAndVariantAreThoseOfRfc9562() {
    for (int i = 0; i < 1_000; i++) {
      UUID next = ids.next();
      assertThat(next.version()).isEqualTo(7);
      assertThat(next.variant()).isEqualTo(2);
      UUID unguessable = UuidV7.unguessable(clock);
      assertThat(unguessable.version()).isEqualTo(7);
      assertThat(unguessable.variant()).isEqualTo(2);
    }
  }

  @Test
  void anIdTellsItsTime() {
    assertThat(UuidV7.epochMillis(ids.next())).isEqualTo(NOW);
    assertThat(UuidV7.epochMillis(UuidV7.unguessable(clock))).isEqualTo(NOW);
    assertThat(UuidV7.epochMillis(UuidV7.lowest(NOW))).isEqualTo(NOW);
  }

  @Test
  void idsGrowWithTime() {
    List<UUID> made = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      made.add(ids.next());
      millis.incrementAndGet();
    }
    assertGrowing(made);
  }

  @Test
  void idsOfOneMillisecondGrowAlsoWhenTheCounterIsUsedUp() {
    List<UUID> made = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      made.add(ids.next());
    }
    assertGrowing(made);
    // 4,096 ids a millisecond: the time runs ahead by the two that were borrowed.
    assertThat(UuidV7.epochMillis(made.getLast())).isEqualTo(NOW + 2);
  }

  @Test
  void aClockThatStepsBackBreaksNoOrder() {
    List<UUID> made = new ArrayList<>();
    made.add(ids.next());
    millis.addAndGet(-60_000);
    made.add(ids.next());
    made.add(ids.next());
    millis.addAndGet(60_001);
    made.add(ids.next());
    assertGrowing(made);
    assertThat(UuidV7.epochMillis(made.get(1))).isEqualTo(NOW);
    assertThat(UuidV7.epochMillis(made.getLast())).isEqualTo(NOW + 1);
  }

  @Test
  void theLowestIdOfAMillisecondBoundsItFromBelow() {
    UUID id = ids.next();
    assertGrowing(List.of(UuidV7.lowest(NOW), id, UuidV7.lowest(NOW + 1)));
  }

  @Test
  void twoGeneratorsAtOneTimeMakeDifferentIds() {
    UuidV7 others = new UuidV7(clock);
    var made = new HashSet<UUID>();
    for (int i = 0; i < 10_000; i++) {
      made.add(ids.next());
      made.add(others.next());
    }
    assertThat(made).hasSize(20_000);
  }

  // As text, because Postgres and TypeID compare bytes; UUID.compareTo compares signed numbers.
  private static void assertGrowing(List<UUID> made) {
    List<String> texts = made.stream().map(UUID::toString).toList();
    assertThat(texts).isSorted().doesNotHaveDuplicates();
    assertThat(made.stream().map(id -> TypeId.encode("evt", id)).toList())
        .isSorted()
        .doesNotHaveDuplicates();
  }
}
