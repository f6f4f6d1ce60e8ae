package dev.usher.config;

import java.time.Duration;

/**
 * How repeated events are recognized.
 *
 * @param window how long a key is remembered, 1 hour to 30 days
 * @param timeout how long a look-up in Redis may take before Postgres is asked instead, 1 ms to 1 s
 */
public record DedupeConfig(Duration window, Duration timeout) {
  public DedupeConfig {
    new Limits()
        .between("idempotency.window", window, Duration.ofHours(1), Duration.ofDays(30))
        .between("idempotency.lookup-timeout", timeout, Duration.ofMillis(1), Duration.ofSeconds(1))
        .check();
  }
}
