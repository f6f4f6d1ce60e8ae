package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher's cache of classes makes a start quicker and is never needed for one: whatever lies
 * in its place, the start goes on and says nothing of it.
 */
class AotCacheIT {
  private static final Path ROOT = Path.of("").toAbsolutePath();
  private static final Path BUILT = ROOT.resolve("target");

  @TempDir private Path root;
  private Path cache;

  /** A copy of the launcher beside a build that is newer than its sources. */
  @BeforeEach
  void copy() throws IOException {
    boolean built =
        Files.exists(BUILT.resolve("usher.jar")) && Files.isDirectory(BUILT.resolve("lib"));
    assertThat(built).as("something is packaged: mvn verify does so first").isTrue();
    Path target = Files.createDirectory(root.resolve("target"));
    Files.copy(ROOT.resolve("usher"), root.resolve("usher"), StandardCopyOption.COPY_ATTRIBUTES);
    Files.createSymbolicLink(root.resolve("pom.xml"), ROOT.resolve("pom.xml"));
    Files.createSymbolicLink(root.resolve("src"), ROOT.resolve("src"));
    Files.createSymbolicLink(target.resolve("lib"), BUILT.resolve("lib"));
    Files.createSymbolicLink(target.resolve("embedded"), BUILT.resolve("embedded"));
    Files.copy(BUILT.resolve("usher.jar"), target.resolve("usher.jar"));
    Files.createFile(target.resolve("usher.built"));
    cache = target.resolve("usher.aot");
  }

  private static List<String> run(List<String> line) {
    try {
      Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return said.lines().toList();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void assertItStartsWithoutAWord() {
    assertThat(run(List.of(root.resolve("usher").toString(), "version")))
        .singleElement()
        .asString()
        .contains("0.1.0");
  }

  /** A cache of this build and this JDK, as the launcher makes it of a longer run. */
  private void train() {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off", "-cp"));
    line.add(root.resolve("target/usher.jar") + ":" + root.resolve("target/lib/*"));
    line.addAll(List.of("dev.usher.Main", "version"));
    run(line);
    assertThat(cache).isNotEmptyFile();
  }

  @Test
  void noneOrNoCacheAtAllIsNoFault() throws IOException {
    assertItStartsWithoutAWord();
    Files.createFile(cache);
    assertItStartsWithoutAWord();
    Files.writeString(cache, "not a cache".repeat(10_000));
    assertItStartsWithoutAWord();
  }

  @Test
  void oneThatIsCutOffIsNoFault() throws IOException {
    train();
    try (RandomAccessFile file = new RandomAccessFile(cache.toFile(), "rw")) {
      file.setLength(file.length() / 2);
    }
    assertItStartsWithoutAWord();
  }

  @Test
  void oneOfAnotherBuildIsNoFault() throws IOException {
    train();
    Path jar = root.resolve("target/usher.jar");
    Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
    assertItStartsWithoutAWord();
  }

  /** What a cache says of its JVM stands as text in its header. */
  @Test
  void oneOfAnotherJdkIsNoFault() throws IOException {
    train();
    byte[] bytes = Files.readAllBytes(cache);
    byte[] version = System.getProperty("java.vm.version").getBytes(StandardCharsets.US_ASCII);
    int at =
        new String(bytes, 0, 4_096, StandardCharsets.ISO_8859_1)
            .indexOf(new String(version, StandardCharsets.US_ASCII));
    assertThat(at).as("where the header names the JVM").isPositive();
    bytes[at] = '9';
    Files.write(cache, bytes);
    assertItStartsWithoutAWord();
  }
}
