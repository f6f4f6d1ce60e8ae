package dev.usher.verify;

import dev.usher.crypto.Hex;
import dev.usher.crypto.Sha256;
import dev.usher.payload.Member;
import org.jspecify.annotations.Nullable;

/**
 * A value that identifies an event, taken from a request's header or body and held to our rules.
 */
sealed interface Field {
  /** Characters that an idempotency key, an event type or a signed id may have. */
  int MAX_LENGTH = 255;

  /** Characters that a payload's {@code id} may have where it is neither of these. */
  int MAX_PAYLOAD_ID_LENGTH = 1_024;

  /** Fit to be kept. */
  record Valid(String text) implements Field {}

  /** Not to be kept; {@code detail} tells the sender why. */
  record Invalid(String detail) implements Field {}

  /**
   * The only value of a header. Servers read headers as ISO 8859-1; in ASCII alone it is certain
   * what the sender meant.
   */
  static Field ofHeader(RequestHeaders headers, String name) {
    var values = headers.all(name);
    if (values.size() != 1) {
      return new Invalid(
          "the header %s is there %d times; expected it once".formatted(name, values.size()));
    }
    return ofHeaderValue(name, values.getFirst());
  }

  /** {@link #ofHeader} of a value that is there once. */
  static Field ofHeaderValue(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
        return new Invalid("the header " + name + " holds a character that is no printable ASCII");
      }
    }
    return ofText(name, value);
  }

  /** The value of a member that must be a string. */
  static Field ofMember(String name, Member member) {
    return switch (member) {
      case Member.Absent _ -> new Invalid("'" + name + "' is missing; expected a string");
      case Member.WrongType(String found) ->
          new Invalid("'" + name + "' is " + found + "; expected a string");
      case Member.Text(String value) ->
          holdsControlCharacter(value)
              ? new Invalid("'" + name + "' holds a control character; expected none")
              : ofText(name, value);
    };
  }

  /** A key for senders that give none: the same body is the same event. */
  static Field ofContent(byte[] body) {
    return new Valid("sha256:" + Hex.encode(Sha256.of(body)));
  }

  /** The value of a form's parameter, already held to be there. */
  static Field ofParameter(String name, String value) {
    return ofMember(name, new Member.Text(value));
  }

  /** The event of a payload that is no JSON object, and so has no {@code id}. */
  static Verification event(Field key, Field type) {
    return event(key, type, new Member.Absent());
  }

  /**
   * The event with this key and type, or what is wrong with its fields.
   *
   * @param payloadId the payload's top-level {@code id}, which may be missing or no string
   */
  static Verification event(Field key, Field type, Member payloadId) {
    if (key instanceof Invalid(String detail)) {
      return new Verification.Malformed(detail);
    }
    if (type instanceof Invalid(String detail)) {
      return new Verification.Malformed(detail);
    }
    String id = payloadId instanceof Member.Text(String value) ? value : null;
    String fault = id == null ? null : payloadIdFault(id);
    return fault != null
        ? new Verification.Malformed(fault)
        : new Verification.Genuine(((Valid) key).text, ((Valid) type).text, id);
  }

  /**
   * {@link #event(Field, Field, Member)} of a sender whose bodies change from try to try.
   *
   * @param lasting what stays the same
   */
  static Verification event(Field key, Field type, Member payloadId, byte[] lasting) {
    Verification event = event(key, type, payloadId);
    return event instanceof Verification.Genuine genuine
        ? new Verification.Genuine(genuine.key(), genuine.type(), genuine.payloadId(), lasting)
        : event;
  }

  private static Field ofText(String name, String value) {
    return value.isEmpty() || value.length() > MAX_LENGTH
        ? new Invalid(
            "'%s' has %d characters; expected 1 to %d".formatted(name, value.length(), MAX_LENGTH))
        : new Valid(value);
  }

  private static @Nullable String payloadIdFault(String id) {
    if (holdsControlCharacter(id)) {
      return "'id' holds a control character; expected none";
    }
    return id.length() > MAX_PAYLOAD_ID_LENGTH
        ? "'id' has %d characters; expected at most %d"
            .formatted(id.length(), MAX_PAYLOAD_ID_LENGTH)
        : null;
  }

  private static boolean holdsControlCharacter(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (Character.isISOControl(value.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
