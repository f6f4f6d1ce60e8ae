package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The calls that sources and endpoints have in common. */
final class StoredCalls<T extends Stored> {
  private final String what;
  private final Function<String, @Nullable UUID> parse;
  private final PostgresTable<T> rows;
  private final PostgresTransactions transactions;
  private final Creations creations;
  private final SecretCalls secrets;
  private final PostgresAudit audit;

  /**
   * @param what its name in problems, for example {@code endpoint}
   * @param parse reads its id
   */
  StoredCalls(
      String what,
      Function<String, @Nullable UUID> parse,
      PostgresTable<T> rows,
      PostgresTransactions transactions,
      Creations creations,
      SecretCalls secrets,
      PostgresAudit audit) {
    this.what = what;
    this.parse = parse;
    this.rows = rows;
    this.transactions = transactions;
    this.creations = creations;
    this.secrets = secrets;
    this.audit = audit;
  }

  Future<Answer> list(Call call) {
    Query query = new Query(call);
    PageRequest page = query.page();
    return Call.with(
        query.result(() -> page),
        wanted ->
            rows.list(call.organization(), wanted).map(found -> found.answer(Stored::toJson)));
  }

  Future<Answer> get(Call call) {
    return existing(call, stored -> Future.succeededFuture(Reply.shown(stored)));
  }

  /** Its current secret, and when earlier ones expire. */
  Future<Answer> secret(Call call) {
    return existing(call, stored -> secrets.show(call.organization(), stored.uuid()));
  }

  /** Makes {@code secret} the current one of what is locked, and tells all nodes. */
  Future<Answer> rotate(
      PostgresTransaction transaction, Call call, T stored, String secret, Duration overlap) {
    return rows.announce(transaction, call.organization(), stored.uuid())
        .compose(_ -> noteRotation(transaction, call, stored, overlap))
        .compose(
            _ -> secrets.rotate(transaction, call.organization(), stored.uuid(), secret, overlap));
  }

  private Future<Void> noteRotation(
      PostgresTransaction transaction, Call call, T stored, Duration overlap) {
    ObjectNode told = Json.object().put("overlap", DurationText.text(overlap));
    return audit.note(
        transaction, call, Change.between(what + ".secret-rotated", id(stored), null, told));
  }

  /**
   * Notes in the audit log what was done, for example {@code updated}.
   *
   * @param before how it was shown; null where it is new
   * @param after how it is shown now; null where it is gone
   */
  Future<Void> note(
      PostgresTransaction transaction,
      Call call,
      String done,
      T stored,
      @Nullable ObjectNode before,
      @Nullable ObjectNode after) {
    return audit.note(
        transaction, call, Change.between(what + "." + done, id(stored), before, after));
  }

  private static String id(Stored stored) {
    return stored.toJson().path("id").asText();
  }

  /** Marks what is locked as deleted, and forgets its secrets. */
  Future<Answer> delete(PostgresTransaction transaction, Call call, T stored) {
    return rows.delete(transaction, call.organization(), stored.uuid())
        .compose(v -> secrets.forget(transaction, call.organization(), stored.uuid()))
        .compose(v -> note(transaction, call, "deleted", stored, stored.toJson(), null))
        .map(v -> Reply.noContent());
  }

  /**
   * Does {@code change} in a transaction while nobody else changes the same, and only where the
   * caller's {@code If-Match} fits.
   */
  Future<Answer> change(Call call, BiFunction<PostgresTransaction, T, Future<Answer>> change) {
    return call.withId(
        parse, what, id -> transactions.run(transaction -> locked(transaction, call, id, change)));
  }

  /** As {@link #change}, and once for each {@code Idempotency-Key}. */
  Future<Answer> changeOnce(Call call, BiFunction<PostgresTransaction, T, Future<Answer>> change) {
    return call.withId(
        parse,
        what,
        id -> creations.once(call, transaction -> locked(transaction, call, id, change)));
  }

  private Future<Answer> existing(Call call, Function<T, Future<Answer>> next) {
    return call.withId(
        parse,
        what,
        id -> rows.find(call.organization(), id).compose(found -> Call.found(found, what, next)));
  }

  private Future<Answer> locked(
      PostgresTransaction transaction,
      Call call,
      UUID id,
      BiFunction<PostgresTransaction, T, Future<Answer>> change) {
    return rows.lock(transaction, call.organization(), id)
        .compose(
            found ->
                Call.found(
                    found,
                    what,
                    stored ->
                        call.fits(stored)
                            ? change.apply(transaction, stored)
                            : Future.succeededFuture(Problem.changedSince(what, stored))));
  }
}
