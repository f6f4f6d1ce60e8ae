package dev.usher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CPU time that all processes of the machine have used, from the first line of {@code /proc/stat}.
 */
public final class MachineCpu {
  private static final long MICROS_PER_TICK = 10_000;

  private MachineCpu() {}

  /**
   * User, nice and system time since boot over all CPUs, in microseconds; without interrupts, which
   * belong to no process.
   */
  public static long micros() throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/stat")));
  }

  static long parse(List<String> stat) {
    String[] fields = stat.getFirst().split(" +", -1);
    if (!fields[0].equals("cpu") || fields.length < 4) {
      throw new IllegalArgumentException("not the first line of /proc/stat: " + stat.getFirst());
    }
    long ticks = Long.parseLong(fields[1]) + Long.parseLong(fields[2]) + Long.parseLong(fields[3]);
    return ticks * MICROS_PER_TICK;
  }
}
