package dev.usher.console;

import dev.usher.control.Credential;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sessions of all nodes. */
public interface Sessions {
  /** Begins one; gives its token. */
  Future<String> begin(Credential credential);

  /** The session of a token; empty where it has ended. It lasts longer for being used. */
  Future<Optional<Opened>> find(String token);

  /** Lets the administrator work in an organization from now on; null for in none. */
  Future<Void> enter(String token, @Nullable String organization);

  /** Ends one at once, on all nodes. */
  Future<Void> end(String token);

  /**
   * What is kept of a session.
   *
   * @param organization where the administrator works; null for nowhere
   */
  record Opened(Credential credential, @Nullable String organization) {}
}
