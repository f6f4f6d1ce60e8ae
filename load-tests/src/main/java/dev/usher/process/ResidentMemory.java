package dev.usher.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much memory a process holds, and has held at most, from {@code /proc/PID/status}. */
public final class ResidentMemory {
  private static final String PEAK = "VmHWM:";
  private static final String NOW = "VmRSS:";

  private ResidentMemory() {}

  /**
   * The peak of the resident set since the process started, in KiB.
   *
   * @throws IOException when the process has ended
   */
  public static long peakKib(long pid) throws IOException {
    return parsePeakKib(Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")));
  }

  /**
   * The resident set now, in KiB.
   *
   * @throws IOException when the process has ended
   */
  public static long kib(long pid) throws IOException {
    return parse(NOW, Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")));
  }

  static long parsePeakKib(List<String> status) {
    return parse(PEAK, status);
  }

  private static long parse(String field, List<String> status) {
    for (String line : status) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.substring(field.length()).replace("kB", "").trim());
      }
    }
    throw new IllegalArgumentException("no " + field + " in /proc/PID/status");
  }
}
