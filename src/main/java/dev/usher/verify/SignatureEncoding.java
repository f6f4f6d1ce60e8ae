package dev.usher.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.usher.crypto.ConstantTime;
import dev.usher.crypto.Hex;
import java.util.Base64;

/** How a MAC is written in a header. */
enum SignatureEncoding {
  HEX {
    @Override
    String encode(byte[] mac) {
      return Hex.encode(mac);
    }

    @Override
    boolean matches(byte[] mac, String given) {
      byte[] bytes = Hex.decode(given, mac.length);
      return bytes != null && ConstantTime.equal(mac, bytes);
    }
  },

  /** The one spelling that most providers write. */
  LOWER_HEX {
    @Override
    String encode(byte[] mac) {
      return Hex.encode(mac);
    }

    @Override
    boolean matches(byte[] mac, String given) {
      byte[] bytes = Hex.decodeLower(given, mac.length);
      return bytes != null && ConstantTime.equal(mac, bytes);
    }
  },

  BASE64 {
    @Override
    String encode(byte[] mac) {
      return Base64.getEncoder().encodeToString(mac);
    }

    // Compared as text because base64 decoders let several texts pass for the same bytes.
    @Override
    boolean matches(byte[] mac, String given) {
      return ConstantTime.equal(Base64.getEncoder().encode(mac), given.getBytes(ISO_8859_1));
    }
  };

  abstract String encode(byte[] mac);

  /** Whether {@code given} is {@code mac}, in constant time where it has the right form. */
  abstract boolean matches(byte[] mac, String given);
}
