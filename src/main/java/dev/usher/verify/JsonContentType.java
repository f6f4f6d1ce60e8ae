package dev.usher.verify;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The content type of schemes that send JSON. */
final class JsonContentType {
  private JsonContentType() {}

  /**
   * Whether {@code contentType} is {@code application/json} or another type with the suffix {@code
   * +json} (RFC 6839), in UTF-8 where a character set is named, or absent: the body shows whether
   * it is JSON.
   */
  static boolean matches(@Nullable String contentType) {
    if (contentType == null || contentType.equalsIgnoreCase("application/json")) {
      return true;
    }
    String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
    String mediaType = parts[0].strip();
    boolean json =
        mediaType.equals("application/json")
            || (mediaType.startsWith("application/") && mediaType.endsWith("+json"));
    for (int i = 1; json && i < parts.length; i++) {
      String parameter = parts[i].strip();
      json = !parameter.startsWith("charset") || parameter.matches("charset=(utf-8|\"utf-8\")");
    }
    return json;
  }
}
