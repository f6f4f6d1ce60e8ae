package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WrkResultTest {
  private static final String OUTPUT =
      """
      Running 5s test @ http://127.0.0.1:8080/in/src_1
        1 threads and 256 connections
        235070 requests in 5.00s, 30.00MB read
      BENCH requests=235070 duration=5000000 p50=4100 p99=23200 max=50000 connect=1 read=2 write=3 timeout=4 status=5
      """;

  @Test
  void theScriptsLineIsFoundInWrksOutput() {
    WrkResult result = WrkResult.parse(OUTPUT);

    assertThat(result).isEqualTo(new WrkResult(235_070, 5_000_000, 4_100, 23_200, 50_000, 10, 5));
    assertThat(result.perSecond()).isEqualTo(47_014.0);
  }

  @Test
  void outputWithoutTheLineIsAFailureThatShowsIt() {
    assertThatThrownBy(() -> WrkResult.parse("unable to connect to 127.0.0.1:1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unable to connect");
  }

  @Test
  void aLineThatIsNotWholeIsAFailureThatNamesWhatIsMissing() {
    assertThatThrownBy(() -> WrkResult.parse("BENCH requests=1 duration=2 p50=3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'p99'");
  }
}
