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
    return micros(Files.readAllLines(Path.of("/proc/stat")));
  }

  /**
   * Time since boot in which a virtual machine's CPUs could have run, but its host ran somebody
   * else, in microseconds over all CPUs; 0 on a machine that is not virtual.
   */
  public static long stolenMicros() throws IOException {
    return stolenMicros(Files.readAllLines(Path.of("/proc/stat")));
  }

  static long micros(List<String> stat) {
    return sum(stat, 1, 2, 3, 6, 7);
  }

  static long stolenMicros(List<String> stat) {
    return sum(stat, 8);
  }

  private static long sum(List<String> stat, int... places) {
    // cpu user nice system idle iowait irq softirq steal …
    String[] fields = stat.getFirst().split(" +", -1);
    if (!fields[0].equals("cpu") || fields.length < 9) {
      throw new IllegalArgumentException("not the first line of /proc/stat: " + stat.getFirst());
    }
    return IntStream.of(places).mapToLong(at -> Long.parseLong(fields[at])).sum() * MICROS_PER_TICK;
  }
}
