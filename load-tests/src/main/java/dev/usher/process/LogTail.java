package dev.usher.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a process's log, for the message of a failure. */
public final class LogTail {
  private static final int LINES = 25;

  private LogTail() {}

  /** The last 25 lines below a line that names the file; never fails. */
  public static String of(Path log) {
    try {
      // ISO 8859-1 reads any bytes: a log may hold what a request held.
      List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
      List<String> tail = lines.subList(Math.max(0, lines.size() - LINES), lines.size());
      return "last lines of " + log + ":\n  " + String.join("\n  ", tail);
    } catch (IOException e) {
      return "no log at " + log;
    }
  }
}
