package dev.usher.event;

import java.util.List;

/**
 * Which headers carry credentials by custom, as their names tell: those of a sender are not kept
 * with its event, and those that an endpoint asks for are not shown.
 */
public final class CredentialHeaders {
  private static final List<String> PARTS =
      List.of(
          "auth",
          "cookie",
          "token",
          "secret",
          "password",
          "credential",
          "session",
          "api-key",
          "apikey");

  private CredentialHeaders() {}

  /**
   * Whether the value of a header of this name is or may be a credential.
   *
   * @param name in lower case
   */
  public static boolean mayBe(String name) {
    for (String part : PARTS) {
      if (name.contains(part)) {
        return true;
      }
    }
    return false;
  }
}
