package dev.usher.bench;

import dev.usher.process.Await;
import dev.usher.process.ChildProcesses;
import dev.usher.process.LogTail;
import dev.usher.process.ProcessFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The heap of a gateway. Its own meter of what was allocated moves with each collection only, so
 * one is asked for before a figure is read: then it is exact to what is allocated aside of the
 * young generation, which are arrays of half a MiB and more.
 */
record Heap(ChildProcesses children, Path work, long pid, UsherMetrics metrics) {
  private static final Duration NOTICE_BOUND = Duration.ofSeconds(2);

  /** Collects all garbage (a full collection, by {@code jcmd}); the counts after it. */
  UsherMetrics.Counts collect() throws IOException, InterruptedException {
    long before = metrics.counts().collections();
    Path log = work.resolve("jcmd.log");
    Process jcmd =
        children.start(
            new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                "GC.run"),
            log);
    int exit = jcmd.waitFor();
    children.end(jcmd);
    if (exit != 0) {
      throw new ProcessFailure("jcmd ended with " + exit + "\n" + LogTail.of(log));
    }
    // The meter is told by the collector's notification, a moment after it.
    Await.until(NOTICE_BOUND, () -> metrics.counts().collections() > before);
    return metrics.counts();
  }
}
