package dev.usher.config;

import java.time.Duration;

/**
 * How long what happened is kept.
 *
 * @param retention of events and their attempts, 1 to 365 days
 * @param audit of the log of changes, 1 to 3,650 days
 */
public record RetentionConfig(Duration retention, Duration audit) {
  public RetentionConfig {
    new Limits()
        .between("retention", retention, Duration.ofDays(1), Duration.ofDays(365))
        .between("audit.retention", audit, Duration.ofDays(1), Duration.ofDays(3_650))
        .check();
  }
}
