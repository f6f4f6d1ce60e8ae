package dev.usher.config;

import java.time.Duration;

/**
 * How events are gathered into batches, one transaction each.
 *
 * @param maxEvents events a batch may hold, 1 to 4,096
 * @param linger how long the first event of a batch waits for company, 0 to 50 ms
 * @param batchesInFlight batches of one event loop that wait for their commit, 1 to 8
 * @param bufferedEvents events of one event loop that are not yet committed, at least a batch, at
 *     most 1,000,000; more are refused with 503
 * @param bufferedBytes the same in bytes, 1 MiB to 1 GiB
 * @param statementTimeout after which a batch has failed, 1 s to 30 s; it stays well under the
 *     minute around midnight in which a key is written to both days, so that no transaction
 *     outlives that minute
 */
public record JournalConfig(
    int maxEvents,
    Duration linger,
    int batchesInFlight,
    int bufferedEvents,
    int bufferedBytes,
    Duration statementTimeout) {
  public JournalConfig {
    new Limits()
        .between("journal.max-events", maxEvents, 1, 4_096)
        .between("journal.linger", linger, Duration.ZERO, Duration.ofMillis(50))
        .between("journal.batches-in-flight", batchesInFlight, 1, 8)
        .between("journal.buffered-events", bufferedEvents, 1, 1_000_000)
        .bytesBetween(
            "journal.buffered-bytes", bufferedBytes, Sizes.mebibytes(1), Sizes.mebibytes(1_024))
        .between(
            "journal.statement-timeout",
            statementTimeout,
            Duration.ofSeconds(1),
            Duration.ofSeconds(30))
        .check();
  }
}
