package dev.usher.payload;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of one object's members seen so far. A payload has a handful of top-level members,
 * which an array serves best; a hostile one has as many as it may, and goes on in a set whose
 * buckets are trees, so that names made to collide cost no more than a logarithm.
 */
final class MemberNames {
  private static final int FEW = 16;

  private final String[] few = new String[FEW];
  private @Nullable Set<String> many;
  private int count;

  /** Adds {@code name}; false where it was there already. */
  boolean add(String name) {
    if (many != null) {
      count++;
      return many.add(name);
    }
    for (int i = 0; i < count; i++) {
      if (few[i].equals(name)) {
        return false;
      }
    }
    if (count == FEW) {
      many = new HashSet<>(Arrays.asList(few));
      return add(name);
    }
    few[count++] = name;
    return true;
  }

  /** How many were added. */
  int count() {
    return count;
  }
}
