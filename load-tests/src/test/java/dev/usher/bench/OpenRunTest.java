package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpenRunTest {
  @Test
  void theResultIsFoundInTheOutput() {
    OpenRun run =
        OpenRun.parse(
            100,
            2,
            """
            some warning
            OPEN due=200 sent=198 accepted=150 intime=140 refused=45 others=1 broken=1 unanswered=1 \
            p50=1500 p99=20000 sentp99=19000 refusedp99=700
            """);

    assertThat(run).isEqualTo(new OpenRun(100, 2, 200, 198, 150, 140, 45, 3, 1.5, 20.0, 19.0, 0.7));
    assertThat(run.goodput()).isEqualTo(70.0);
  }

  @Test
  void outputWithoutAResultIsAFailureThatShowsIt() {
    assertThatThrownBy(() -> OpenRun.parse(1, 1, "Exception in thread main"))
        .hasMessageContaining("Exception in thread main");
  }
}
