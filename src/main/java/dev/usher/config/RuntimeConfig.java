package dev.usher.config;

import java.time.Duration;

/**
 * The process itself.
 *
 * @param eventLoops event loops, each with its own copy of the data path, 1 to 64
 * @param shutdownGrace how long a stop may take before it is forced, 1 s to 10 minutes
 */
public record RuntimeConfig(int eventLoops, Duration shutdownGrace) {
  static final int MOST_EVENT_LOOPS = 64;

  public RuntimeConfig {
    new Limits()
        .between("runtime.event-loops", eventLoops, 1, MOST_EVENT_LOOPS)
        .between("shutdown.grace", shutdownGrace, Duration.ofSeconds(1), Duration.ofMinutes(10))
        .check();
  }
}
