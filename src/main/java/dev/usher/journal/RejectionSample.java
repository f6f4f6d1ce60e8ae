package dev.usher.journal;

import dev.usher.event.SourceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The refusals of one interval on one event loop: a few of each source and code, and how many there
 * were. Of those that were refused in the interval before already only one is kept, so that a flood
 * that goes on does not push everything else out of the table.
 *
 * <p>Not thread-safe.
 */
final class RejectionSample {
  static final int KEPT_OF_A_NEW_KIND = 4;
  static final int KEPT_OF_A_KIND_THAT_GOES_ON = 1;
  static final int MOST_KEPT = 64;
  private static final int MOST_KINDS = 1_024;

  private record Kind(@Nullable SourceId source, String code) {}

  private static final class Seen {
    private int count;
    private final List<Rejection> kept = new ArrayList<>(1);
  }

  /** A refusal, and how many were like it, itself included. */
  record Kept(Rejection rejection, int alike) {}

  private Map<Kind, Seen> seen = new HashMap<>();
  private Set<Kind> before = Set.of();
  private int kept;

  void add(@Nullable SourceId source, String code, Supplier<Rejection> details) {
    Kind kind = new Kind(source, code);
    Seen like = seen.get(kind);
    if (like == null) {
      if (seen.size() >= MOST_KINDS) {
        return;
      }
      like = new Seen();
      seen.put(kind, like);
    }
    like.count++;
    int room = before.contains(kind) ? KEPT_OF_A_KIND_THAT_GOES_ON : KEPT_OF_A_NEW_KIND;
    if (like.kept.size() < room && kept < MOST_KEPT) {
      like.kept.add(details.get());
      kept++;
    }
  }

  /** Whether nothing was refused in this interval. */
  boolean isEmpty() {
    return seen.isEmpty();
  }

  /** What was kept in this interval, which ends with that. */
  List<Kept> take() {
    List<Kept> all = new ArrayList<>(kept);
    for (Seen like : seen.values()) {
      for (int i = 0; i < like.kept.size(); i++) {
        // Each stands for itself, and the last one for the rest as well.
        boolean last = i == like.kept.size() - 1;
        all.add(new Kept(like.kept.get(i), last ? like.count - i : 1));
      }
    }
    before = new HashSet<>(seen.keySet());
    seen = new HashMap<>();
    kept = 0;
    return all;
  }
}
