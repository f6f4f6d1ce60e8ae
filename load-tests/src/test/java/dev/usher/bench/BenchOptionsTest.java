package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchOptionsTest {
  @Test
  void everyOptionIsRead() throws Exception {
    String line =
        "--connections 64 --seconds 3 --rounds 1 --warmup 0 --loops 4 --wrk-threads 2 --only c,a"
            + " --endpoint-concurrency 200";

    BenchOptions options = BenchOptions.parse(List.of(line.split(" ")));

    assertThat(options.connections()).isEqualTo(64);
    assertThat(options.seconds()).isEqualTo(3);
    assertThat(options.rounds()).isEqualTo(1);
    assertThat(options.warmupSeconds()).isZero();
    assertThat(options.eventLoops()).isEqualTo(4);
    assertThat(options.wrkThreads()).isEqualTo(2);
    assertThat(options.endpointConcurrency()).isEqualTo(OptionalInt.of(200));
    assertThat(options.subjects()).containsExactly(Subject.BARE_SERVER, Subject.BARE_PROXY);
  }

  @Test
  void javaOptionsAreSplitAtSpaces() throws Exception {
    assertThat(
            BenchOptions.parse(List.of("--usher-java-options", " -Xmx96m  -XX:+UseSerialGC "))
                .usherJavaOptions())
        .containsExactly("-Xmx96m", "-XX:+UseSerialGC");
  }

  @Test
  void allSubjectsAreMeasuredByDefault() throws Exception {
    assertThat(BenchOptions.parse(List.of()).subjects()).containsExactly(Subject.values());
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds 0,      '--rounds: expected 1 to 100, not ''0'''",
    "--rounds many,   '--rounds: expected 1 to 100, not ''many'''",
    "--rounds,        --rounds needs a value",
    "--only a;x,      '--only: expected some of a,b,c,d, not ''a;x'''",
    "--fast,          unknown option '--fast'",
    "--connections 1 --wrk-threads 2, --wrk-threads: expected at most as many as --connections"
  })
  void aWrongCommandLineSaysWhatWasExpected(String line, String message) {
    assertThatThrownBy(() -> BenchOptions.parse(List.of(line.split(" "))))
        .isInstanceOf(BenchOptions.UsageError.class)
        .hasMessage(message);
  }
}
