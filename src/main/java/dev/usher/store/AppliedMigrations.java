package dev.usher.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a schema is exactly what our migrations make, from what Flyway wrote down about it.
 * Almost every start finds it so, and is spared Flyway, which takes as long as all the rest of a
 * start. Where anything differs, Flyway is asked.
 */
final class AppliedMigrations {
  static final String PLACE = "db/migration";

  private static final Pattern SCRIPT = Pattern.compile("V(\\d{1,9})__\\w+\\.sql");
  private static final String APPLIED =
      "SELECT script, checksum, success FROM flyway_schema_history WHERE version IS NOT NULL";

  private AppliedMigrations() {}

  /** The newest version where the schema is up to date; null where it is not, or nobody knows. */
  static @Nullable String version(Connection connection) throws SQLException {
    if (!isMigrated(connection)) {
      return null;
    }
    Map<String, Integer> applied = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(APPLIED)) {
      while (rows.next()) {
        if (!rows.getBoolean("success")) {
          return null;
        }
        applied.put(rows.getString("script"), rows.getInt("checksum"));
      }
    }
    int newest = 0;
    for (String script : applied.keySet()) {
      Matcher name = SCRIPT.matcher(script);
      newest = Math.max(newest, name.matches() ? Integer.parseInt(name.group(1)) : 0);
    }
    return applied.equals(ours()) ? Integer.toString(newest) : null;
  }

  private static boolean isMigrated(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("SELECT to_regclass('flyway_schema_history') IS NOT NULL")) {
      return found.next() && found.getBoolean(1);
    }
  }

  private static Map<String, Integer> ours() {
    Map<String, Integer> checksums = new HashMap<>();
    try {
      for (String script : scripts()) {
        checksums.put(script, checksum(script));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("our own migrations cannot be read", e);
    }
    return checksums;
  }

  private static List<String> scripts() throws IOException {
    URL place = Objects.requireNonNull(AppliedMigrations.class.getResource("/" + PLACE));
    if (place.openConnection() instanceof JarURLConnection connection) {
      connection.setUseCaches(false);
      try (JarFile jar = connection.getJarFile()) {
        return jar.stream()
            .filter(entry -> entry.getName().startsWith(PLACE + "/") && !entry.isDirectory())
            .map(entry -> entry.getName().substring(PLACE.length() + 1))
            .toList();
      }
    }
    try (Stream<Path> files = Files.list(Path.of(URI.create(place.toString())))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  /** As Flyway counts it: the lines without their ends. */
  private static int checksum(String script) throws IOException {
    CRC32 sum = new CRC32();
    InputStream bytes = AppliedMigrations.class.getResourceAsStream("/" + PLACE + "/" + script);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Objects.requireNonNull(bytes), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        sum.update(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return (int) sum.getValue();
  }
}
