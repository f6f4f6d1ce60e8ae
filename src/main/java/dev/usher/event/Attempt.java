package dev.usher.event;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try to deliver one event to one endpoint, and how it ended.
 *
 * @param number from 1
 * @param httpStatus what the endpoint answered; null where there was no answer
 * @param error in plain words what went wrong; null on success
 * @param responseBody the beginning of the answer, at most 16 KiB; null where there was none
 * @param retryIn the wait before the next attempt; null where there is none: it succeeded or is
 *     given up
 */
public record Attempt(
    AttemptId id,
    Delivery delivery,
    int number,
    Outcome outcome,
    @Nullable Integer httpStatus,
    @Nullable String error,
    byte @Nullable [] responseBody,
    Instant startedAt,
    Duration duration,
    @Nullable Duration retryIn) {

  /** How an attempt ended; the text is what metrics and tables call it. */
  public enum Outcome {
    SUCCEEDED("succeeded"),
    HTTP_ERROR("http_error"),
    TIMEOUT("timeout"),
    CONNECT_ERROR("connect_error"),
    REFUSED_ADDRESS("refused_address"),
    CIRCUIT_OPEN("circuit_open");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  public boolean succeeded() {
    return outcome == Outcome.SUCCEEDED;
  }

  /** Whether it failed and was the last one: its delivery is given up. */
  public boolean isGivenUp() {
    return retryIn == null && outcome != Outcome.SUCCEEDED;
  }
}
