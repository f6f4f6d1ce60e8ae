package dev.usher.command;

import java.io.Writer;
import org.slf4j.Logger;

/** Makes of each line that is written an entry of the log; an unfinished one waits for its end. */
final class LogLines extends Writer {
  private final Logger log;
  private final StringBuilder line = new StringBuilder();

  LogLines(Logger log) {
    this.log = log;
  }

  @Override
  public void write(char[] text, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (text[i] == '\n') {
        log.info("{}", line.toString().strip());
        line.setLength(0);
      } else {
        line.append(text[i]);
      }
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
