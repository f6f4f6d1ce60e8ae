package dev.usher.command;

import dev.usher.config.LogConfig;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Says what goes on: over one line on a terminal, in plain lines elsewhere. */
final class Progress {
  private final PrintWriter out;
  private final boolean terminal;
  private boolean open;

  Progress(PrintWriter out) {
    this(out, Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false));
  }

  private Progress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /**
   * The progress of a command that may run where a machine reads all that it says: as entries of
   * the log where that is JSON, and to {@code out} otherwise. The log must be configured.
   */
  static Progress of(LogConfig config, PrintWriter out) {
    return config.format() == LogConfig.Format.JSON
        ? new Progress(
            new PrintWriter(new LogLines(LoggerFactory.getLogger(Progress.class))), false)
        : new Progress(out);
  }

  /** A step begins; the line stays open on a terminal until it is done. */
  void begin(String what) {
    end();
    if (terminal) {
      out.print(what + "…");
      open = true;
    } else {
      out.println(what + "…");
    }
    out.flush();
  }

  /** The step is done. */
  void done(String result) {
    out.println(open ? " " + result : "  " + result);
    open = false;
    out.flush();
  }

  /** A count that changes: rewritten in place on a terminal. */
  void count(String line) {
    if (terminal) {
      out.print("\r\u001b[K" + line);
      open = true;
    } else {
      out.println(line);
    }
    out.flush();
  }

  /** A line of its own. */
  void say(String line) {
    end();
    out.println(line);
    out.flush();
  }

  private void end() {
    if (open) {
      out.println();
      open = false;
    }
  }
}
