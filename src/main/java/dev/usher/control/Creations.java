package dev.usher.control;

import dev.usher.control.PostgresIdempotency.Claim;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import java.util.UUID;
import java.util.function.Function;

/**
 * Runs the calls that create something: in one transaction, in an organization that stays there
 * until its end, and once for each {@code Idempotency-Key}.
 */
final class Creations {
  private final PostgresTransactions transactions;
  private final PostgresOrganizations organizations;
  private final PostgresIdempotency idempotency;

  Creations(
      PostgresTransactions transactions,
      PostgresOrganizations organizations,
      PostgresIdempotency idempotency) {
    this.transactions = transactions;
    this.organizations = organizations;
    this.idempotency = idempotency;
  }

  /** Does {@code work} unless the same call was answered before; a problem leaves no trace. */
  Future<Answer> once(Call call, Function<PostgresTransaction, Future<Answer>> work) {
    return transactions
        .run(transaction -> inOrganization(transaction, call, work))
        .recover(
            failure ->
                call.idempotencyKey() != null && PostgresFailure.isLockTimeout(failure)
                    ? Future.succeededFuture(inProgress())
                    : Future.failedFuture(failure));
  }

  private Future<Answer> inOrganization(
      PostgresTransaction transaction,
      Call call,
      Function<PostgresTransaction, Future<Answer>> work) {
    OrganizationId organization = call.caller().organizationOrNull();
    Future<Boolean> held =
        organization == null
            ? Future.succeededFuture(true)
            : organizations.hold(transaction, organization);
    String key = call.idempotencyKey();
    return held.compose(
        there -> {
          if (!there) {
            return Future.succeededFuture(Problem.notFound("organization"));
          }
          return key == null ? work.apply(transaction) : withKey(transaction, call, key, work);
        });
  }

  private Future<Answer> withKey(
      PostgresTransaction transaction,
      Call call,
      String key,
      Function<PostgresTransaction, Future<Answer>> work) {
    UUID keySpace = call.keySpace();
    return idempotency
        .claim(transaction, keySpace, key, call.requestHash())
        .compose(
            claim ->
                switch (claim) {
                  case Claim.First() ->
                      work.apply(transaction)
                          .compose(answer -> keep(transaction, keySpace, key, answer));
                  case Claim.Repeated(Reply reply) -> Future.succeededFuture(reply);
                  case Claim.Conflict() -> Future.succeededFuture(conflict());
                });
  }

  private Future<Answer> keep(
      PostgresTransaction transaction, UUID keySpace, String key, Answer answer) {
    return switch (answer) {
      case Reply reply -> idempotency.keep(transaction, keySpace, key, reply).map(answer);
      case Problem problem -> Future.succeededFuture(problem);
    };
  }

  private static Problem conflict() {
    return new Problem(
        Problem.Kind.IDEMPOTENCY_CONFLICT,
        "This Idempotency-Key came with another call or body within the last 24 hours;"
            + " take a new key for a new request");
  }

  private static Problem inProgress() {
    return new Problem(
        Problem.Kind.IN_PROGRESS,
        "A call with this Idempotency-Key has not ended yet; send the same again in a moment");
  }
}
