package dev.usher.store;

import org.jspecify.annotations.Nullable;

/**
 * A store cannot be used. The message is for the operator: what was wrong and what would mend it,
 * and never a password.
 */
public class StoreFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StoreFailure(String message) {
    this(message, null);
  }

  public StoreFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
