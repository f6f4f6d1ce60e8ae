package dev.usher.crypto;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Base64 read strictly: decoders let several texts pass for the same bytes (RFC 4648, 3.5). */
final class Base64Text {
  private Base64Text() {}

  /** The bytes that encode to exactly {@code text}; null where none do. */
  static byte @Nullable [] decode(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return Base64.getEncoder().encodeToString(bytes).equals(text) ? bytes : null;
    } catch (IllegalArgumentException e) {
      return null; // senders write what they like
    }
  }
}
