package dev.usher.architecture;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Collects what Vert.x logs about threads that were blocked. Logback makes it from {@code
 * logback-test.xml}; what it saw is static, because tests have no other way to reach it.
 */
public final class BlockedThreads extends AppenderBase<ILoggingEvent> {
  private static final Queue<String> WARNINGS = new ConcurrentLinkedQueue<>();

  @Override
  protected void append(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    if (event.getLoggerName().startsWith("io.vertx.core") && message.contains("has been blocked")) {
      WARNINGS.add(message);
    }
  }

  /** The warnings since the last call. */
  static List<String> take() {
    List<String> taken = new ArrayList<>();
    for (String next = WARNINGS.poll(); next != null; next = WARNINGS.poll()) {
      taken.add(next);
    }
    return taken;
  }
}
