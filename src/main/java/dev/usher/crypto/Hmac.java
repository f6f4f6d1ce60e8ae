package dev.usher.crypto;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A message authentication code with its key (RFC 2104), made once and used for many messages:
 * keying anew for each would cost more than a short message itself.
 *
 * <p>Not thread-safe: one for each event loop and key.
 */
public final class Hmac {
  /** The hash below the MAC. */
  public enum Algorithm {
    SHA1("HmacSHA1", 20),
    SHA256("HmacSHA256", 32),
    SHA512("HmacSHA512", 64);

    private final String jdkName;
    private final int bytes;

    Algorithm(String jdkName, int bytes) {
      this.jdkName = jdkName;
      this.bytes = bytes;
    }

    /** Length of a MAC in bytes. */
    public int bytes() {
      return bytes;
    }
  }

  private final Mac mac;

  private Hmac(Mac mac) {
    this.mac = mac;
  }

  /**
   * A MAC of {@code algorithm} with {@code key}.
   *
   * @throws IllegalArgumentException where the key is empty: anybody could compute such a MAC
   */
  public static Hmac of(Algorithm algorithm, byte[] key) {
    if (key.length == 0) {
      throw new IllegalArgumentException("the key of an HMAC is empty; expected at least one byte");
    }
    try {
      Mac mac = Mac.getInstance(algorithm.jdkName);
      mac.init(new SecretKeySpec(key, algorithm.jdkName));
      return new Hmac(mac);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException(algorithm.jdkName + " is part of every JDK", e);
    }
  }

  /** {@link #of} with SHA-1: sound as a MAC, and what Showpass signs with. */
  public static Hmac sha1(byte[] key) {
    return of(Algorithm.SHA1, key);
  }

  /** {@link #of} with SHA-256. */
  public static Hmac sha256(byte[] key) {
    return of(Algorithm.SHA256, key);
  }

  /** {@link #of} with SHA-512. */
  public static Hmac sha512(byte[] key) {
    return of(Algorithm.SHA512, key);
  }

  /** Adds {@code part} to the message. */
  public Hmac update(byte[] part) {
    mac.update(part);
    return this;
  }

  /** Adds one ASCII character to the message. */
  public Hmac update(char ascii) {
    mac.update((byte) ascii);
    return this;
  }

  /** The MAC of what was added since the last one; the next message begins empty. */
  public byte[] finish() {
    return mac.doFinal();
  }

  /** The MAC of one message. */
  public byte[] sign(byte[] message) {
    return mac.doFinal(message);
  }
}
