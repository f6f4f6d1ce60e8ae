package dev.usher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * CPU time that all processes of the machine have used, from the first line of {@code /proc/stat}.
 */
public final class MachineCpu {
  private static final long MICROS_PER_TICK = 10_000;

  private MachineCpu() {}

  /**
   * User, nice and system time since boot over all CPUs, in microseconds, with that of interrupts:
   * it is part of the time of the process that was interrupted.
   */
  public static long micros() throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/stat")));
  }

  static long parse(List<String> stat) {
    // cpu user nice system idle iowait irq softirq …
    String[] fields = stat.getFirst().split(" +", -1);
    if (!fields[0].equals("cpu") || fields.length < 8) {
      throw new IllegalArgumentException("not the first line of /proc/stat: " + stat.getFirst());
    }
    return IntStream.of(1, 2, 3, 6, 7).mapToLong(at -> Long.parseLong(fields[at])).sum()
        * MICROS_PER_TICK;
  }
}
