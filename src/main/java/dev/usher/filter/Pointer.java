package dev.usher.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a value stands in a JSON document (RFC 6901).
 *
 * @param tokens names of members, or indices of elements, from the outermost; 1 to {@value
 *     #MAX_TOKENS}
 */
record Pointer(List<String> tokens) {
  static final int MAX_CHARACTERS = 255;
  static final int MAX_TOKENS = 32;
  static final String EXPECTED =
      "a JSON Pointer such as /data/currency, of at most 255 characters and 32 parts";

  private static final Pattern BAD_ESCAPE = Pattern.compile("~(?![01])");

  /** The pointer in {@code text}; null where it is none, points at the whole, or is too long. */
  static @Nullable Pointer parse(String text) {
    if (!text.startsWith("/")
        || text.length() > MAX_CHARACTERS
        || BAD_ESCAPE.matcher(text).find()) {
      return null;
    }
    List<String> tokens = new ArrayList<>();
    for (String token : text.substring(1).split("/", -1)) {
      tokens.add(token.replace("~1", "/").replace("~0", "~"));
    }
    return tokens.size() > MAX_TOKENS ? null : new Pointer(List.copyOf(tokens));
  }
}
