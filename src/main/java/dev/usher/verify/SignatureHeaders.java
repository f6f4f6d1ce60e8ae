package dev.usher.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rule for the headers that make up a signature: each exactly once. */
final class SignatureHeaders {
  private SignatureHeaders() {}

  /**
   * What to answer where a header is missing or repeated, or null where it is there once. Of a
   * repeated one another reader might take another line than we do, so it is malformed rather than
   * unsigned.
   */
  static @Nullable Verification fault(RequestHeaders headers, String... names) {
    for (String name : names) {
      List<String> values = headers.all(name);
      if (values.isEmpty()) {
        return new Verification.Refused("the header " + name + " is missing");
      }
      if (values.size() > 1) {
        return new Verification.Malformed(
            "the header %s is there %d times; expected it once".formatted(name, values.size()));
      }
    }
    return null;
  }

  /** The value of a header that {@link #fault} found once. */
  static String value(RequestHeaders headers, String name) {
    return headers.all(name).getFirst();
  }
}
