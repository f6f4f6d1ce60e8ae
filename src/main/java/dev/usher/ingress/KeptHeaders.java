package dev.usher.ingress;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The headers of a request that are kept with its event, one {@code name: value} a line: not those
 * that belong to the connection or to HTTP itself, and none that may carry credentials.
 */
final class KeptHeaders {
  /** Characters kept of all headers of an event; the rest is left out. */
  static final int MOST_CHARACTERS = 2_048;

  private static final Set<String> LEFT_OUT =
      Set.of(
          "host",
          "content-type",
          "content-length",
          "content-encoding",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "accept",
          "accept-encoding",
          "accept-language",
          "authorization",
          "proxy-authorization",
          "cookie");

  /** Parts of the names of headers that carry credentials by custom. */
  private static final String[] CREDENTIAL = {
    "api-key", "apikey", "token", "secret", "password", "credential", "session", "auth"
  };

  private KeptHeaders() {}

  static String of(MultiMap headers) {
    StringBuilder kept = new StringBuilder(128);
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      int length = name.length() + header.getValue().length() + 3;
      if (!LEFT_OUT.contains(name)
          && !mayBeCredential(name)
          && isPlain(header.getValue())
          && kept.length() + length <= MOST_CHARACTERS) {
        kept.append(name).append(": ").append(header.getValue()).append('\n');
      }
    }
    return kept.toString();
  }

  private static boolean mayBeCredential(String name) {
    for (String part : CREDENTIAL) {
      if (name.contains(part)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a value has no control characters, which neither the journal nor a delivery could
   * carry.
   */
  static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7F) {
        return false;
      }
    }
    return true;
  }
}
