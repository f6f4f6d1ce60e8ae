package dev.usher.control;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The signature schemes that a source can have. Thread-safe. */
public interface SchemeCatalogue {
  /** The schemes' names, for example {@code showpass}. */
  Set<String> names();

  /**
   * What is wrong with a source of {@code scheme}, each fault in words that say what was expected
   * and never show the secret. A fault that begins with a member's name and a colon, such as {@code
   * options.tolerance: expected …} or {@code secret: expected …}, is shown at that member; any
   * other at {@code options}.
   *
   * @param scheme one of {@link #names()}
   * @param secret null where none is being set: it stays as it is, or {@link #newSecret} makes one
   */
  List<String> faults(String scheme, Map<String, String> options, @Nullable String secret);

  /** A new random secret in the form that senders of {@code scheme} use. */
  String newSecret(String scheme);
}
