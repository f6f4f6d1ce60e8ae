package dev.usher.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The sources look as google-java-format leaves them, imports sorted and used; nobody argues about
 * it.
 */
class SourceFormatTest {
  private static final List<String> DIRECTORIES =
      List.of("src/main/java", "src/test/java", "load-tests/src");

  @Test
  void sourcesAreFormatted() throws IOException {
    List<Path> others = new ArrayList<>();
    for (String directory : DIRECTORIES) {
      if (Files.isDirectory(Path.of(directory))) {
        try (Stream<Path> files = Files.walk(Path.of(directory))) {
          files.filter(file -> file.toString().endsWith(".java")).sorted().toList().parallelStream()
              .filter(file -> !isFormatted(file))
              .forEachOrdered(others::add);
        }
      }
    }
    assertThat(others).as("these sources are not formatted: run ./usher format").isEmpty();
  }

  private static boolean isFormatted(Path file) {
    try {
      String source = Files.readString(file);
      return new Formatter().formatSourceAndFixImports(source).equals(source);
    } catch (FormatterException e) {
      throw new AssertionError(file + " cannot be parsed", e);
    } catch (IOException e) {
      throw new AssertionError(file + " cannot be read", e);
    }
  }
}
