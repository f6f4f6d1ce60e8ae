package dev.usher.control;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the holder of an organization's key may do there. */
enum Role {
  ADMIN,
  MEMBER,
  VIEWER,
  PUBLISHER;

  static @Nullable Role parse(String text) {
    for (Role role : values()) {
      if (role.text().equals(text)) {
        return role;
      }
    }
    return null;
  }

  boolean allows(Access access) {
    return switch (access) {
      case OPERATE -> false;
      case ADMINISTER -> this == ADMIN;
      case CHANGE -> this == ADMIN || this == MEMBER;
      case READ -> this != PUBLISHER;
      case PUBLISH -> this != VIEWER;
    };
  }

  /** The roles that allow {@code access}, for people. */
  static String allowing(Access access) {
    return Arrays.stream(values())
        .filter(role -> role.allows(access))
        .map(Role::text)
        .collect(joining(", "));
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
