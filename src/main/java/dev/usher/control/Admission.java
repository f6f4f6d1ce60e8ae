package dev.usher.control;

import dev.usher.event.OrganizationId;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whether a request's key may make the call, and in whose name. */
sealed interface Admission {
  /**
   * The call may be made.
   *
   * @param organizationOrNull the organization in which it works; null for the administrator's own
   *     calls
   * @param actor who makes it
   */
  record Admitted(@Nullable OrganizationId organizationOrNull, Actor actor) implements Admission {
    private static final UUID NIL = new UUID(0, 0);

    /**
     * The organization in which the call works. Not to be asked in the administrator's own calls.
     */
    OrganizationId organization() {
      return Objects.requireNonNull(organizationOrNull, "this call works in no organization");
    }

    /** The organization's id, or the nil UUID: whose {@code Idempotency-Key}s these are. */
    UUID keySpace() {
      return organizationOrNull == null ? NIL : organizationOrNull.value();
    }
  }

  /** The call may not be made. */
  record Refused(Problem problem) implements Admission {}
}
