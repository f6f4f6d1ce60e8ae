package dev.usher.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A secret shared with a sender or a receiver. Its text never appears in logs: {@link #toString()}
 * hides it.
 *
 * @param text the secret as people see and copy it, for example {@code whsec_…}
 * @param expiresAt when a rotation's overlap ends and this key stops counting; null while it is
 *     current
 */
public record SecretKey(String text, @Nullable Instant expiresAt) {
  public boolean isValidAt(Instant now) {
    return expiresAt == null || now.isBefore(expiresAt);
  }

  @Override
  public String toString() {
    return "SecretKey[hidden, expiresAt=" + expiresAt + "]";
  }
}
