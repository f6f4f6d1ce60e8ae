package dev.usher.config;

import java.time.Duration;

/**
 * How long events and their attempts are kept.
 *
 * @param retention 1 to 365 days
 */
public record RetentionConfig(Duration retention) {
  public RetentionConfig {
    new Limits().between("retention", retention, Duration.ofDays(1), Duration.ofDays(365)).check();
  }
}
