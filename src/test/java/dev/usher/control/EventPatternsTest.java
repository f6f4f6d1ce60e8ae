package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EventPatternsTest {
  @Test
  void noTypeMatchesTwoOfThePatternsThatAreLeft() {
    assertThat(EventPatterns.withoutCovered(List.of("a.b", "a.*", "b", "b")))
        .containsExactly("a.*", "b");
    assertThat(EventPatterns.withoutCovered(List.of("a.b.*", "a.b.c", "a.*")))
        .containsExactly("a.*");
    assertThat(EventPatterns.withoutCovered(List.of("a", "*", "a.*"))).containsExactly("*");
  }

  @Test
  void aPrefixDoesNotCoverItselfOrItsNeighbours() {
    assertThat(EventPatterns.withoutCovered(List.of("a.*", "a", "ab.c")))
        .containsExactly("a.*", "a", "ab.c");
  }

  @Test
  void aTypeIsMatchedByItselfAndEachOfItsPrefixes() {
    assertThat(EventPatterns.matching("a.b.c")).containsExactly("a.b.c", "a.*", "a.b.*", "*");
    assertThat(EventPatterns.matching("a")).containsExactly("a", "*");
  }

  @Test
  void theGatewaysOwnEventsAreNotCoveredByTheStar() {
    assertThat(EventPatterns.withoutCovered(List.of("*", "usher.*", "usher.endpoint.disabled")))
        .containsExactly("*", "usher.*");
    assertThat(EventPatterns.matching("usher.endpoint.disabled"))
        .containsExactly("usher.endpoint.disabled", "usher.*", "usher.endpoint.*");
  }

  @Test
  void onlyTypesPrefixesAndTheStarArePatterns() {
    for (String right :
        List.of("*", "a", "a.*", "invoice.purchase", "A_b-9.x", "orders/create", "a".repeat(128))) {
      assertThat(faults(right)).as(right).isEmpty();
    }
    for (String wrong :
        List.of("", ".*", "a*", "*.a", "a.*.b", "**", "a b", "é", "a".repeat(129))) {
      assertThat(faults(wrong)).as(wrong).containsExactly("events[0]");
    }
  }

  private static List<String> faults(String pattern) {
    return new DescribedBody("NewEndpoint").faults("events", "[\"" + pattern + "\"]");
  }
}
