package dev.usher.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Slows down whoever tries keys that do not open: each wrong one from an address doubles the pause
 * until the next may be tried, from a second to a minute. Each node counts for itself. Belongs to
 * one event loop; remembers a bounded number of addresses, the latest.
 */
final class SignInPace {
  private static final int MOST_ADDRESSES = 10_000;
  private static final int FREE = 3;
  private static final int LONGEST_SECONDS = 60;
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);

  private record Tries(int wrong, Instant nextAt) {}

  private final Map<String, Tries> byAddress = new LinkedHashMap<>();
  private final InstantSource clock;

  SignInPace(InstantSource clock) {
    this.clock = clock;
  }

  /** How long the address has to wait before it may try again; zero where it need not. */
  Duration pause(String address) {
    Tries tries = current(address);
    Instant now = clock.instant();
    return tries == null || !tries.nextAt().isAfter(now)
        ? Duration.ZERO
        : Duration.between(now, tries.nextAt());
  }

  /** A try begins: counted as wrong until it is known, so that many at once gain nothing. */
  void begin(String address) {
    Tries before = current(address);
    int wrong = before == null ? 1 : before.wrong() + 1;
    int seconds = wrong <= FREE ? 0 : (int) Math.min(LONGEST_SECONDS, 1L << (wrong - FREE - 1));
    byAddress.remove(address);
    byAddress.put(address, new Tries(wrong, clock.instant().plusSeconds(seconds)));
    if (byAddress.size() > MOST_ADDRESSES) {
      Iterator<String> eldest = byAddress.keySet().iterator();
      eldest.next();
      eldest.remove();
    }
  }

  /** The key was right. */
  void right(String address) {
    byAddress.remove(address);
  }

  private @Nullable Tries current(String address) {
    Tries tries = byAddress.get(address);
    boolean old = tries != null && tries.nextAt().plus(FORGOTTEN_AFTER).isBefore(clock.instant());
    return old ? null : tries;
  }
}
