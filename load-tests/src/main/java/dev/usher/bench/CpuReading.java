package dev.usher.bench;

import dev.usher.process.MachineCpu;
import dev.usher.process.ProcStat;
import dev.usher.process.ProcessFailure;
import dev.usher.process.StoreProcesses;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * CPU time used up to one moment, in microseconds, or between two.
 *
 * @param server the process under test
 * @param compiler the part of {@code server} that its just-in-time compiler took
 * @param receiver the process behind it; 0 where there is none
 * @param load wrk, and the bench itself, which only waits: wrk is its child and is counted when it
 *     has ended
 * @param machine all processes of the machine
 * @param stolen what the host of a virtual machine gave to somebody else
 * @param nanoTime of a clock that only runs forward
 */
record CpuReading(
    long server,
    long compiler,
    StoreProcesses.Cpu stores,
    long receiver,
    long load,
    long machine,
    long stolen,
    long nanoTime) {
  // HotSpot names its threads so; Linux cuts the names to 15 characters.
  private static final Pattern COMPILER = Pattern.compile("C[12] Compiler");

  static CpuReading now(Stage.Server server) throws IOException {
    return new CpuReading(
        ownMicros(server.pid()),
        compilerMicros(server.pid()),
        server.usher().map(usher -> usher.stores().cpu()).orElse(new StoreProcesses.Cpu(0, 0)),
        server.receiver().isPresent() ? ownMicros(server.receiver().get().pid()) : 0,
        ProcStat.of(ProcessHandle.current().pid()).map(ProcStat::micros).orElse(0L),
        MachineCpu.micros(),
        MachineCpu.stolenMicros(),
        System.nanoTime());
  }

  private static long ownMicros(long pid) {
    return ProcStat.of(pid)
        .orElseThrow(() -> new ProcessFailure("process " + pid + " has ended"))
        .ownMicros();
  }

  private static long compilerMicros(long pid) {
    return ProcStat.threadsOf(pid).stream()
        .filter(thread -> COMPILER.matcher(thread.command()).lookingAt())
        .mapToLong(ProcStat::ownMicros)
        .sum();
  }

  CpuReading since(CpuReading earlier) {
    return new CpuReading(
        server - earlier.server,
        compiler - earlier.compiler,
        stores.since(earlier.stores),
        receiver - earlier.receiver,
        load - earlier.load,
        machine - earlier.machine,
        stolen - earlier.stolen,
        nanoTime - earlier.nanoTime);
  }

  /** What processes used that have no part in the measurement. */
  long others() {
    return machine - server - stores.micros() - receiver - load;
  }
}
