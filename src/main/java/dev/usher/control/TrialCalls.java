package dev.usher.control;

import dev.usher.event.Attempt;
import dev.usher.event.EndpointId;
import io.vertx.core.Future;
import java.util.Optional;

/** The call that tries an endpoint. */
final class TrialCalls {
  private final PostgresControlStores stores;
  private final EndpointTrials trials;

  TrialCalls(PostgresControlStores stores, EndpointTrials trials) {
    this.stores = stores;
    this.trials = trials;
  }

  /** Sends {@code webhook.test} to this endpoint only, and answers with the attempt's outcome. */
  Future<Answer> test(Call call) {
    return call.withId(
        EndpointId::parse,
        "endpoint",
        id ->
            stores
                .endpoints
                .rows
                .find(call.organization(), id.value())
                .compose(
                    found ->
                        Call.found(
                            found, "endpoint", _ -> trials.run(id).map(TrialCalls::answer))));
  }

  private static Answer answer(Optional<Attempt> made) {
    return made.<Answer>map(attempt -> Reply.ok(stored(attempt).toJson()))
        .orElseGet(
            () -> Problem.unavailable("Too many tests are under way; ask again in a moment"));
  }

  private static StoredAttempt stored(Attempt attempt) {
    return new StoredAttempt(
        attempt.id(),
        attempt.delivery().event().id(),
        attempt.delivery().endpoint(),
        attempt.delivery().event().type(),
        attempt.delivery().event().key(),
        attempt.number(),
        attempt.outcome().toString(),
        attempt.httpStatus(),
        attempt.error(),
        attempt.responseBody(),
        attempt.startedAt(),
        (int) attempt.duration().toMillis(),
        null);
  }
}
