package dev.usher.journal;

import dev.usher.event.Source;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where a bounded sample of refused requests is kept for the owners of the sources. */
public interface RejectionLog {
  /**
   * Counts a refusal, and keeps it where the sample has room. Called for every refused request,
   * also under a flood of them: it is cheap, and asks for the details of few.
   *
   * @param source null where the request's address names none
   */
  void refused(@Nullable Source source, String code, Supplier<Rejection> details);
}
