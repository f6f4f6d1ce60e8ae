package dev.usher.payload;

import java.util.List;

/** What {@link TopLevelReader} found in a body. */
public sealed interface TopLevel {
  /**
   * The body is no JSON object, or one that different readers could understand differently.
   *
   * @param detail for its sender: what was found, where, and what was expected
   */
  record Malformed(String detail) implements TopLevel {}

  /** The wanted members of a well-formed body. */
  final class Members implements TopLevel {
    private final List<String> wanted;
    private final Member[] found;

    Members(List<String> wanted, Member[] found) {
      this.wanted = wanted;
      this.found = found;
    }

    /**
     * The member called {@code name}.
     *
     * @throws IllegalArgumentException where it was not among the wanted ones
     */
    public Member get(String name) {
      int index = wanted.indexOf(name);
      if (index < 0) {
        throw new IllegalArgumentException("'" + name + "' was not read; only " + wanted + " were");
      }
      return found[index];
    }
  }
}
