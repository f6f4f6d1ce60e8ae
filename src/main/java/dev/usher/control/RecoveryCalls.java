package dev.usher.control;

import dev.usher.control.PostgresRecoveries.Span;
import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import dev.usher.event.RecoveryId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;

/** The calls that bring back what was given up: dead letters, and recoveries of them. */
final class RecoveryCalls {
  private static final String WHAT = "recovery";

  /** An organization's that run at once: each costs a look at the table in every step. */
  private static final int MOST_RUNNING = 20;

  private final PostgresControlStores stores;
  private final Creations creations;

  RecoveryCalls(PostgresControlStores stores, Creations creations) {
    this.stores = stores;
    this.creations = creations;
  }

  /** What was given up and not tried again since. */
  Future<Answer> deadLetters(Call call) {
    Query query = new Query(call);
    PostgresDeadLetters.Filter filter =
        new PostgresDeadLetters.Filter(
            query.value("endpoint", EndpointId::parse), query.type(), query.time());
    PageRequest page = query.page();
    return Call.with(
        query.result(() -> filter),
        wanted ->
            stores
                .deadLetters
                .list(call.organization(), wanted, page)
                .map(found -> found.answer(StoredAttempt::toJson)));
  }

  /** Sends an endpoint's dead letters of a time again. */
  Future<Answer> recover(Call call) {
    Fields fields = new Fields(call);
    Instant since = fields.time("since");
    Instant until = fields.time("until");
    Instant end = until == null ? stores.clock.instant() : until;
    if (since != null && !since.isBefore(end)) {
      fields.fault(Fault.hidden("since", "a time before until, or before now"));
    }
    return call.withId(
        EndpointId::parse,
        "endpoint",
        id ->
            Call.with(
                fields.result(() -> new Span(since == null ? end : since, end)),
                span -> creations.once(call, transaction -> recover(transaction, call, id, span))));
  }

  private Future<Answer> recover(
      PostgresTransaction transaction, Call call, EndpointId id, Span span) {
    OrganizationId organization = call.organization();
    return stores
        .endpoints
        .rows
        .lock(transaction, organization, id.value())
        .compose(
            found ->
                Call.found(
                    found,
                    "endpoint",
                    _ ->
                        stores
                            .recoveries
                            .running(transaction, organization)
                            .compose(
                                running ->
                                    running < MOST_RUNNING
                                        ? begin(transaction, organization, id, span)
                                        : Future.succeededFuture(tooMany()))));
  }

  private Future<Answer> begin(
      PostgresTransaction transaction, OrganizationId organization, EndpointId id, Span span) {
    RecoveryId recovery = new RecoveryId(UuidV7.unguessable(stores.clock));
    return stores
        .recoveries
        .count(transaction, organization, id, span)
        .compose(
            count -> stores.recoveries.create(transaction, organization, recovery, id, span, count))
        .map(made -> Reply.begun("/v1/recoveries/" + recovery, made.toJson()));
  }

  private static Problem tooMany() {
    return new Problem(
        Problem.Kind.TOO_MANY_RECOVERIES,
        MOST_RUNNING + " recoveries are running; wait for one to end, or cancel one");
  }

  Future<Answer> list(Call call) {
    Query query = new Query(call);
    EndpointId endpoint = query.value("endpoint", EndpointId::parse);
    PageRequest page = query.page();
    return Call.with(
        query.result(() -> Optional.ofNullable(endpoint)),
        of ->
            stores
                .recoveries
                .list(call.organization(), of.orElse(null), page)
                .map(found -> found.answer(StoredRecovery::toJson)));
  }

  Future<Answer> get(Call call) {
    return call.withId(
        RecoveryId::parse,
        WHAT,
        id -> stores.recoveries.find(call.organization(), id).compose(RecoveryCalls::shown));
  }

  /** What it has made due by now is delivered; the rest is left as it is. */
  Future<Answer> cancel(Call call) {
    return call.withId(
        RecoveryId::parse,
        WHAT,
        id -> stores.recoveries.cancel(call.organization(), id).compose(RecoveryCalls::shown));
  }

  private static Future<Answer> shown(Optional<StoredRecovery> found) {
    return Call.found(found, WHAT, recovery -> Future.succeededFuture(Reply.ok(recovery.toJson())));
  }
}
