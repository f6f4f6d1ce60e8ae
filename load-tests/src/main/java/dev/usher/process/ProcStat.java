package dev.usher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One process at one moment, from {@code /proc/PID/stat} (see {@code man 5 proc_pid_stat}).
 *
 * @param command the file name of the executable, cut to 15 characters by Linux
 * @param ownTicks CPU time of all its threads, user and system
 * @param reapedTicks CPU time of its children that have ended and were waited for
 */
public record ProcStat(long pid, String command, long parent, long ownTicks, long reapedTicks) {
  // Linux shows times to user space in 1/100 s on every architecture (USER_HZ), whatever the
  // kernel's own rate is.
  private static final long MICROS_PER_TICK = 10_000;

  // Fields behind the command, counted from 0: proc_pid_stat's number less 3.
  private static final int PARENT = 1;
  private static final int UTIME = 11;
  private static final int STIME = 12;
  private static final int CUTIME = 13;
  private static final int CSTIME = 14;

  /** CPU time of this process alone, in microseconds, in steps of 10 ms. */
  public long ownMicros() {
    return ownTicks * MICROS_PER_TICK;
  }

  /**
   * CPU time of this process and of its ended children, in microseconds. Summed over a tree of
   * processes it never falls, also when one of them ends between two readings.
   */
  public long micros() {
    return (ownTicks + reapedTicks) * MICROS_PER_TICK;
  }

  /**
   * @throws IllegalArgumentException when the line is not of that file
   */
  public static ProcStat parse(String line) {
    // The command may itself hold spaces and parentheses: it ends at the last one.
    int open = line.indexOf('(');
    int close = line.lastIndexOf(')');
    if (open < 1 || close < open) {
      throw new IllegalArgumentException("not a line of /proc/PID/stat: " + line);
    }
    String[] fields = line.substring(close + 1).trim().split(" +", -1);
    if (fields.length <= CSTIME) {
      throw new IllegalArgumentException("too few fields in /proc/PID/stat: " + line);
    }
    return new ProcStat(
        Long.parseLong(line.substring(0, open).trim()),
        line.substring(open + 1, close),
        Long.parseLong(fields[PARENT]),
        Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]),
        Long.parseLong(fields[CUTIME]) + Long.parseLong(fields[CSTIME]));
  }

  /** The process now; empty where it has ended. */
  public static Optional<ProcStat> of(long pid) {
    return read(Path.of("/proc", Long.toString(pid)));
  }

  /** Its threads now, each as if it were a process; none where it has ended. */
  public static List<ProcStat> threadsOf(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads.flatMap(thread -> read(thread).stream()).toList();
    } catch (IOException ended) {
      return List.of();
    }
  }

  private static Optional<ProcStat> read(Path directory) {
    try {
      byte[] line = Files.readAllBytes(directory.resolve("stat"));
      return Optional.of(parse(new String(line, StandardCharsets.UTF_8)));
    } catch (IOException ended) {
      return Optional.empty();
    }
  }

  /** Every process of the machine that this user may see, by its id. */
  public static Map<Long, ProcStat> all() {
    try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
      return processes
          .flatMap(process -> of(process.pid()).stream())
          .collect(Collectors.toMap(ProcStat::pid, stat -> stat));
    }
  }
}
