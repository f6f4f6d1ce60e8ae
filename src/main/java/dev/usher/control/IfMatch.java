package dev.usher.control;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The condition of a change: that nobody changed the same since the caller looked (RFC 9110,
 * section 13.1.1). Compared strongly: a weak tag never fits.
 *
 * @param tags the entity tags as they were given; null for {@code *}, which any revision fits
 */
record IfMatch(@Nullable List<String> tags) {
  static final String EXPECTED =
      "the ETag of an earlier answer, such as \"42\", several of them, or *";

  private static final String TAG = "(?:W/)?\"[!#-~\\x80-\\xFF]*\"";
  private static final Pattern TAGS = Pattern.compile(TAG + "(?:[ \\t]*,[ \\t]*" + TAG + ")*");
  private static final Pattern ONE = Pattern.compile(TAG);
  private static final int MAX_CHARACTERS = 1_024;

  /** The condition in a header; null where it is none. */
  static @Nullable IfMatch parse(String header) {
    String text = header.strip();
    if (text.equals("*")) {
      return new IfMatch(null);
    }
    if (text.length() > MAX_CHARACTERS || !TAGS.matcher(text).matches()) {
      return null;
    }
    return new IfMatch(ONE.matcher(text).results().map(MatchResult::group).toList());
  }

  boolean fits(String etag) {
    return tags == null || tags.contains(etag);
  }
}
