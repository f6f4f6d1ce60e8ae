package dev.usher.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.usher.payload.Utf8;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a form ({@code application/x-www-form-urlencoded}, WHATWG URL, section 5),
 * sorted by name, and the values of a repeated name sorted and once each: the order in which Twilio
 * signs them.
 */
record Form(SortedMap<String, SortedSet<String>> parameters) {
  /** More than providers send, and few enough to sort on the event loop. */
  static final int MAX_PARAMETERS = 1_000;

  static final String EXPECTED =
      "expected a form of at most " + MAX_PARAMETERS + " parameters in UTF-8";

  private static final String CONTENT_TYPE = "application/x-www-form-urlencoded";

  /** Whether a content type is that of a form, with whatever parameters. */
  static boolean isContentType(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    int end = contentType.indexOf(';');
    String type = end < 0 ? contentType : contentType.substring(0, end);
    return type.strip().toLowerCase(Locale.ROOT).equals(CONTENT_TYPE);
  }

  /** Whether a request says that its body is a form. */
  static boolean isBodyOf(SignedRequest request) {
    var types = request.headers().all("content-type");
    return types.size() == 1 && isContentType(types.getFirst());
  }

  /** The form in a body; null where it is none. */
  static @Nullable Form parse(byte[] body) {
    SortedMap<String, SortedSet<String>> parameters = new TreeMap<>();
    String text = new String(body, ISO_8859_1);
    int count = 0;
    for (int start = 0; start < text.length(); ) {
      int next = text.indexOf('&', start);
      int end = next < 0 ? text.length() : next;
      if (end > start) {
        int equals = text.indexOf('=', start);
        int nameEnd = equals < 0 || equals > end ? end : equals;
        String name = decode(text, start, nameEnd);
        String value = decode(text, Math.min(nameEnd + 1, end), end);
        if (name == null || value == null || ++count > MAX_PARAMETERS) {
          return null;
        }
        parameters.computeIfAbsent(name, _ -> new TreeSet<>()).add(value);
      }
      start = end + 1;
    }
    return new Form(parameters);
  }

  /** The only value of this name; null where there is none, or more than one. */
  @Nullable String only(String name) {
    SortedSet<String> values = parameters.get(name);
    return values != null && values.size() == 1 ? values.getFirst() : null;
  }

  /** All names and values, one after the other, with nothing between them. */
  byte[] joined() {
    StringBuilder joined = new StringBuilder();
    parameters.forEach((name, values) -> values.forEach(v -> joined.append(name).append(v)));
    return joined.toString().getBytes(UTF_8);
  }

  /** One name or value, whose characters stand for bytes; null where it is not well-formed. */
  private static @Nullable String decode(String text, int from, int to) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(to - from);
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < to ? hexDigit(text.charAt(i + 1)) : -1;
        int low = i + 2 < to ? hexDigit(text.charAt(i + 2)) : -1;
        if ((high | low) < 0) {
          return null;
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    byte[] decoded = bytes.toByteArray();
    return Utf8.isWellFormed(decoded) ? new String(decoded, UTF_8) : null;
  }

  private static int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int letter = c | 0x20;
    return c < 0x80 && letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
  }
}
