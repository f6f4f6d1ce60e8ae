package dev.usher.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@link PathReader} found in a body. */
public sealed interface PathValues {
  /**
   * The body is no JSON object, or one that different readers could understand differently.
   *
   * @param detail for its sender: what was found, where, and what was expected
   */
  record Malformed(String detail) implements PathValues {}

  /**
   * The values of a well-formed body, by path. A path that was not asked for is absent.
   *
   * @param text the whole body
   */
  record Found(String text, Map<String, Value> values) implements PathValues {
    private static final Member ABSENT = new Member.Absent();

    /** The value at {@code path}. */
    public Member member(String path) {
      Value value = values.get(path);
      return value == null ? ABSENT : value.member;
    }

    /** The digits of the number at {@code path} as they stand there; null where there is none. */
    public @Nullable String number(String path) {
      Value value = values.get(path);
      return value == null ? null : value.number;
    }

    /** The body without the value at {@code path}: as a whole where there is none. */
    public byte[] without(String path) {
      return with(path, "");
    }

    /** The body with {@code json} in place of the value at {@code path}, if there is one. */
    public byte[] with(String path, String json) {
      Value value = values.get(path);
      String changed =
          value == null ? text : text.substring(0, value.from) + json + text.substring(value.to);
      return changed.getBytes(UTF_8); // exact: the text was UTF-8
    }
  }

  /**
   * One value.
   *
   * @param number the digits of a number; null for anything else
   * @param from where it begins in the text
   * @param to where it ends
   */
  record Value(Member member, @Nullable String number, int from, int to) {}
}
