package dev.usher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The Postgres and Redis processes that one gateway has started: those below it, and those that run
 * in its data directory, since a store may have detached itself from the process that started it.
 *
 * @param gateway the gateway's process id
 * @param dataDirectory the gateway's own data directory
 */
public record StoreProcesses(long gateway, Path dataDirectory) {

  /** CPU time used so far, in microseconds. */
  public record Cpu(long postgresMicros, long redisMicros) {
    /** What was used between {@code earlier} and this. */
    public Cpu since(Cpu earlier) {
      return new Cpu(postgresMicros - earlier.postgresMicros, redisMicros - earlier.redisMicros);
    }

    /** Both together. */
    public long micros() {
      return postgresMicros + redisMicros;
    }
  }

  /** CPU time of all of them, with what their ended children (autovacuum, back ends) have used. */
  public Cpu cpu() {
    long postgres = 0;
    long redis = 0;
    for (ProcStat stat : running()) {
      if (stat.command().startsWith("redis")) {
        redis += stat.micros();
      } else {
        postgres += stat.micros();
      }
    }
    return new Cpu(postgres, redis);
  }

  /** The stores' processes that run now. */
  public List<ProcStat> running() {
    Map<Long, ProcStat> all = ProcStat.all();
    return all.values().stream()
        .filter(stat -> isStore(stat.command()))
        .filter(stat -> isBelowGateway(stat, all) || runsInDataDirectory(stat.pid()))
        .toList();
  }

  private static boolean isStore(String command) {
    return command.startsWith("postgres") || command.startsWith("redis");
  }

  private boolean isBelowGateway(ProcStat stat, Map<Long, ProcStat> all) {
    for (ProcStat at = stat; at != null; at = all.get(at.parent())) {
      if (at.parent() == gateway) {
        return true;
      }
    }
    return false;
  }

  private boolean runsInDataDirectory(long pid) {
    Path process = Path.of("/proc", Long.toString(pid));
    try {
      String commandLine =
          Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
      return commandLine.contains(dataDirectory.toString())
          || Files.readSymbolicLink(process.resolve("cwd")).startsWith(dataDirectory);
    } catch (IOException endedOrNotOurs) {
      return false;
    }
  }
}
