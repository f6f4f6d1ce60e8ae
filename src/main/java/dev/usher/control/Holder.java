package dev.usher.control;

import dev.usher.event.OrganizationId;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a key that opens.
 *
 * @param organization whose key it is; null for the administrator's
 * @param organizationName empty for the administrator's
 * @param keyName as it was given
 * @param role {@code admin}, {@code member}, {@code viewer} or {@code publisher}; the administrator
 *     is everybody's {@code admin}
 */
public record Holder(
    @Nullable OrganizationId organization, String organizationName, String keyName, String role) {
  /** Whether the key opens every organization. */
  public boolean administrator() {
    return organization == null;
  }

  /** Whether the role allows to look at anything. */
  public boolean mayLook() {
    return !role.equals("publisher");
  }

  /** Whether the role allows to change anything. */
  public boolean mayChange() {
    return role.equals("admin") || role.equals("member");
  }

  /** Whether the role allows to see keys and the audit log. */
  public boolean mayAdminister() {
    return role.equals("admin");
  }
}
