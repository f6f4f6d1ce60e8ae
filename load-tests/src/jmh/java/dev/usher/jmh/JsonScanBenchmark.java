package dev.usher.jmh;

import dev.usher.payload.TopLevel;
import dev.usher.payload.TopLevelReader;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The strict reading of a body's top level, which looks at every byte. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JsonScanBenchmark {
  private static final List<String> WANTED = List.of("id", "event_type", "webhook_event_uuid");

  @Param({"1800", "4096", "65536"})
  private int bytes;

  private final TopLevelReader reader = new TopLevelReader();
  private byte[] body = {};

  @Setup
  public void make() {
    body = Samples.purchase(bytes);
    if (scan() instanceof TopLevel.Malformed(String detail)) {
      throw new IllegalStateException(detail);
    }
  }

  @Benchmark
  public TopLevel scan() {
    return reader.read(body, WANTED);
  }
}
