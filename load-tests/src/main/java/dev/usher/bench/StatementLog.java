package dev.usher.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What Postgres has logged of its statements, see {@link PostgresStore#logStatements()}. */
record StatementLog(Path file) {
  // "execute" of a prepared statement, "statement" of one that was sent as text. "parse" and
  // "bind",
  // which come before, are no statements.
  private static final Pattern STATEMENT =
      Pattern.compile("^TX(\\d+) LOG:  duration: [\\d.]+ ms  (?:execute|statement)\\b");

  /**
   * @param statements that were run
   * @param writes transactions that changed something, so commits that wait for the disk
   */
  record Count(long statements, long writes) {
    Count minus(Count earlier) {
      return new Count(statements - earlier.statements, writes - earlier.writes);
    }
  }

  /** All up to now. */
  Count count() {
    // ISO 8859-1 reads any bytes.
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return count(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Count count(Stream<String> lines) {
    long[] statements = {0};
    Set<String> writes = new HashSet<>();
    lines
        .map(STATEMENT::matcher)
        .filter(Matcher::find)
        .forEach(
            statement -> {
              statements[0]++;
              if (!statement.group(1).equals("0")) {
                writes.add(statement.group(1));
              }
            });
    return new Count(statements[0], writes.size());
  }
}
