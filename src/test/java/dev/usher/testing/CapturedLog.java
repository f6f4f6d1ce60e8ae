package dev.usher.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** All that this JVM logs while it is open, ours down to DEBUG, as JSON with its stack traces. */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger root;
  private final Logger ours;
  private final JsonEncoder encoder = new JsonEncoder();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  public CapturedLog() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    root = context.getLogger("ROOT");
    ours = context.getLogger("dev.usher");
    ours.setLevel(Level.DEBUG);
    encoder.setContext(context);
    encoder.setWithFormattedMessage(true);
    encoder.start();
    setContext(context);
    start();
    root.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(new String(encoder.encode(event), StandardCharsets.UTF_8));
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    root.detachAppender(this);
    ours.setLevel(null);
    stop();
  }
}
