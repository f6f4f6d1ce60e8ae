package dev.usher.verify;

import org.jspecify.annotations.Nullable;

/** What came of verifying a request. */
public sealed interface Verification {
  /**
   * Signed by one of the source's valid keys.
   *
   * @param key the sender's idempotency key, 1 to 255 characters, no control characters
   * @param type the event's type, likewise
   * @param payloadId the payload's top-level {@code id} where it is a string, without control
   *     characters; null where there is none
   * @param lasting what stays the same on every try of this event, for senders whose bodies change
   *     from try to try; null where the whole body does
   */
  record Genuine(String key, String type, @Nullable String payloadId, byte @Nullable [] lasting)
      implements Verification {
    /** An event whose body is the same on every try. */
    public Genuine(String key, String type, @Nullable String payloadId) {
      this(key, type, payloadId, null);
    }
  }

  /**
   * Signed by one of the source's valid keys, and no event: the sender asks whether somebody is
   * here who has the key.
   *
   * @param answer the JSON that it expects with status 200
   */
  record Challenge(String answer) implements Verification {}

  /**
   * Not a request of this scheme, or one that could be understood in two ways: 400.
   *
   * @param detail for the sender: what was found and what was expected
   */
  record Malformed(String detail) implements Verification {}

  /**
   * Not shown to come from the sender: 401, the same answer whatever the reason.
   *
   * @param reason for the operator's sample of refused requests only; it never tells a secret or
   *     the right signature
   */
  record Refused(String reason) implements Verification {}
}
