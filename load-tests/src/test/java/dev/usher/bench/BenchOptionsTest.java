package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BenchOptionsTest {
  @Test
  void everyOptionIsRead() throws Exception {
    String line =
        "--connections 64 --seconds 3 --rounds 1 --warmup 0 --loops 4 --wrk-threads 1 --only c,a"
            + " --endpoint-concurrency 200 --payload 4096 --tls --fan-out 5 --starts 2 --profile"
            + " --most-endpoints 100 --most-rows 1000 --usher-env USHER_JOURNAL_LINGER=0ms";

    BenchOptions options = BenchOptions.parse(List.of(line.split(" ")));

    assertThat(options.setup().conditions())
        .isEqualTo(
            Map.of(
                Condition.CONNECTIONS, 64,
                Condition.SECONDS, 3,
                Condition.WARMUP, 0,
                Condition.LOOPS, 4,
                Condition.WRK_THREADS, 1,
                Condition.ENDPOINT_CONCURRENCY, 200,
                Condition.PAYLOAD, 4_096,
                Condition.TLS, 1,
                Condition.FAN_OUT, 5));
    assertThat(options.setup().environment()).isEqualTo(Map.of("USHER_JOURNAL_LINGER", "0ms"));
    assertThat(options.rounds()).isEqualTo(1);
    assertThat(options.starts()).isEqualTo(2);
    assertThat(options.profile()).isTrue();
    assertThat(options.most()).isEqualTo(new BenchOptions.Most(100, 1_000));
    assertThat(options.subjects()).containsExactly(Subject.BARE_SERVER, Subject.BARE_PROXY);
  }

  @Test
  void javaOptionsAreSplitAtSpaces() throws Exception {
    assertThat(
            BenchOptions.parse(List.of("--usher-java-options", " -Xmx96m  -XX:+UseSerialGC "))
                .setup()
                .javaOptions())
        .containsExactly("-Xmx96m", "-XX:+UseSerialGC");
  }

  @Test
  void theSubjectsAreMeasuredWhereNothingElseIsWanted() throws Exception {
    assertThat(parse("").parts()).containsExactly(Part.SUBJECTS);
    assertThat(parse("--sweep tls").parts()).isEmpty();
    assertThat(parse("--parts latency").parts()).containsExactly(Part.LATENCY);
    assertThat(parse("--all").parts()).containsExactly(Part.values());
  }

  @Test
  void severalSweepsAreMeasuredInTheirOrder() throws Exception {
    assertThat(parse("--sweep payload,connections").sweeps())
        .containsExactly(Sweep.PAYLOAD, Sweep.CONNECTIONS);
  }

  @ParameterizedTest
  @EnumSource(Sweep.class)
  void everyStepOfASweepIsWithinItsRange(Sweep sweep) throws Exception {
    assertThat(parse("--sweep " + sweep.condition().option()).sweeps()).containsExactly(sweep);
    assertThat(sweep.steps())
        .allSatisfy(
            step ->
                assertThat(step).isBetween(sweep.condition().least(), sweep.condition().most()));
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds 0,      '--rounds: expected 1 to 100, not ''0'''",
    "--rounds many,   '--rounds: expected 1 to 100, not ''many'''",
    "--rounds,        --rounds needs a value",
    "--only a;x,      '--only: expected some of a,b,c,d,e,f, not ''a;x'''",
    "--sweep speed,   '--sweep: expected some of connections,payload,loops,tls,fan-out, not"
        + " ''speed'''",
    "--usher-env A=1, '--usher-env: expected USHER_NAME=VALUE, not ''A=1'''",
    "--fast,          unknown option '--fast'",
    "fast,            unknown option 'fast'",
    "--connections 1 --wrk-threads 2, --wrk-threads: expected at most as many as --connections"
  })
  void aWrongCommandLineSaysWhatWasExpected(String line, String message) {
    assertThatThrownBy(() -> parse(line))
        .isInstanceOf(BenchOptions.UsageError.class)
        .hasMessage(message);
  }

  private static BenchOptions parse(String line) throws BenchOptions.UsageError {
    return BenchOptions.parse(line.isEmpty() ? List.of() : List.of(line.split(" ")));
  }
}
