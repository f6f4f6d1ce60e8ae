package dev.usher.crypto;

import java.security.MessageDigest;

/** Comparison that takes the same time wherever two values differ, so that time tells nothing. */
public final class ConstantTime {
  private ConstantTime() {}

  /**
   * Whether both are the same bytes. The time depends on the length of {@code given} alone, which
   * its sender knows; hence the order of the arguments matters.
   *
   * @param computed what we computed and keep to ourselves
   * @param given what somebody sent
   */
  public static boolean equal(byte[] computed, byte[] given) {
    return MessageDigest.isEqual(computed, given);
  }
}
