package dev.usher.verify;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The content type of schemes that send JSON. */
final class JsonContentType {
  private static final String JSON = "application/json";

  /**
   * A media type and its parameters (RFC 9110, section 8.3); what is not {@code charset} may be
   * anything.
   */
  private static final Pattern UTF8_JSON =
      Pattern.compile(
          "application/(?:[^\\s;,+]++\\+)*+json\\s*+"
              + "(?:;\\s*+(?:charset=(\"?)utf-8\\1\\s*+|(?!charset)[^;]*+))*+",
          Pattern.CASE_INSENSITIVE);

  private JsonContentType() {}

  /**
   * Whether {@code contentType} is {@code application/json} or another type with the suffix {@code
   * +json} (RFC 6839), in UTF-8 where a character set is named, or absent: the body shows whether
   * it is JSON.
   */
  static boolean matches(@Nullable String contentType) {
    return contentType == null
        || contentType.equals(JSON)
        || UTF8_JSON.matcher(contentType).matches();
  }
}
