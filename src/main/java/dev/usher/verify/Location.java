package dev.usher.verify;

import dev.usher.payload.TopLevel;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a sender puts a value: written {@code header:NAME} or {@code body:MEMBER} in options. */
sealed interface Location {
  /** A header's name (RFC 9110, section 5.1). */
  Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");

  /** A header. */
  record InHeader(String name) implements Location {}

  /** A top-level member of the body that is a string. */
  record InBody(String member) implements Location {}

  /** The location that {@code text} names, or null where it names none. */
  static @Nullable Location parse(String text) {
    if (text.startsWith("header:")) {
      String name = text.substring("header:".length());
      return HEADER_NAME.matcher(name).matches() ? new InHeader(name) : null;
    }
    String member = text.startsWith("body:") ? text.substring("body:".length()) : "";
    return member.isEmpty() || member.length() > Field.MAX_LENGTH ? null : new InBody(member);
  }

  /** What stands there. */
  default Field read(RequestHeaders headers, TopLevel.Members members) {
    return switch (this) {
      case InHeader(String name) -> Field.ofHeader(headers, name);
      case InBody(String member) -> Field.ofMember(member, members.get(member));
    };
  }
}
