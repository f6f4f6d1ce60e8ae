package dev.usher.architecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.usher.event.Event;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The compiled classes, and where a class stands in them. */
final class Code {
  static final String ROOT = "dev.usher";

  /** What sits beside Gateway and Main and may know everything; nothing below knows it. */
  static final Set<String> TOP = Set.of("command", "demo");

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

  /** The simple name of the class in whose file {@code type} stands. */
  static String outermost(JavaClass type) {
    return type.getName().replaceFirst("\\$.*", "").replaceFirst(".*\\.", "");
  }

  static DescribedPredicate<JavaClass> resideIn(String... names) {
    return are("in " + List.of(names), type -> List.of(names).contains(stage(type)));
  }

  static DescribedPredicate<JavaClass> are(String description, Predicate<JavaClass> predicate) {
    return DescribedPredicate.describe(description, predicate);
  }
}
