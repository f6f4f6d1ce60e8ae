package dev.usher.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.usher.event.Event;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** The compiled classes, and where a class stands in them. */
final class Code {
  static final String ROOT = "dev.usher";
  static final JavaClasses PRODUCTION = new ClassFileImporter().importUrl(location(Event.class));
  static final JavaClasses TESTS = new ClassFileImporter().importUrl(location(Code.class));

  private Code() {}

  static Path productionDirectory() {
    try {
      return Path.of(new URI(location(Event.class).toString()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The package below the root, for example {@code journal}; empty for the root and for others'
   * code.
   */
  static String stage(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(ROOT + ".")
        ? name.substring(ROOT.length() + 1).replaceFirst("\\..*", "")
        : "";
  }

  private static URL location(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }
}
