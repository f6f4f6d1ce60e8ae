package dev.usher.deliver;

import dev.usher.event.Attempt;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How one exchange with an endpoint ended.
 *
 * @param status the HTTP status; null where no answer came
 * @param error in plain words what went wrong; null on success
 * @param body the beginning of the answer, at most 16 KiB; null where there is none
 * @param retryAfter what a 429 or 503 asked for; null where it did not
 */
record Answer(
    Attempt.Outcome outcome,
    @Nullable Integer status,
    @Nullable String error,
    byte @Nullable [] body,
    @Nullable Duration retryAfter) {

  /** Characters kept of an error: what a library says may quote what the peer has sent. */
  private static final int MOST_ERROR_CHARACTERS = 500;

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  static Answer failed(Attempt.Outcome outcome, String error) {
    String plain = CONTROL.matcher(error).replaceAll("?");
    return new Answer(
        outcome,
        null,
        plain.length() <= MOST_ERROR_CHARACTERS ? plain : plain.substring(0, MOST_ERROR_CHARACTERS),
        null,
        null);
  }

  static Answer of(int status, byte @Nullable [] body, @Nullable Duration retryAfter) {
    boolean success = status >= 200 && status < 300;
    return new Answer(
        success ? Attempt.Outcome.SUCCEEDED : Attempt.Outcome.HTTP_ERROR,
        status,
        success ? null : explain(status) + explain(retryAfter),
        body,
        retryAfter);
  }

  private static String explain(@Nullable Duration retryAfter) {
    return retryAfter == null || retryAfter.compareTo(RetryPolicy.LONGEST_RETRY_AFTER) <= 0
        ? ""
        : "; it asked to be left alone for "
            + retryAfter.toHours()
            + " hours, which is kept to for one";
  }

  private static String explain(int status) {
    return status >= 300 && status < 400
        ? "the endpoint answered " + status + "; redirects are not followed"
        : "the endpoint answered " + status + "; expected 2xx";
  }
}
