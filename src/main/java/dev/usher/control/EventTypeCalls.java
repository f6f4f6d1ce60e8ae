package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.EventType.Settings;
import dev.usher.control.PayloadSchemas.Verdict;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The calls on types of events. */
final class EventTypeCalls {
  private static final String WHAT = "event type";

  /** One editor's change is lost to another's at most so often; then the caller tries again. */
  private static final int MOST_PATCHES = 5;

  /** Stands for no answer: never sent. */
  private static final Problem OUTDATED = new Problem(Problem.Kind.INTERNAL, "outdated");

  private final PostgresControlStores stores;
  private final Creations creations;
  private final PayloadSchemas schemas;

  EventTypeCalls(PostgresControlStores stores, Creations creations, PayloadSchemas schemas) {
    this.stores = stores;
    this.creations = creations;
    this.schemas = schemas;
  }

  Future<Answer> create(Call call) {
    return read(
        call,
        new Fields(call),
        settings ->
            creations.once(
                call,
                transaction ->
                    stores
                        .eventTypes
                        .create(transaction, call.organization(), settings)
                        .compose(
                            made ->
                                made.map(type -> created(transaction, call, type))
                                    .orElseGet(() -> Future.succeededFuture(taken(settings))))));
  }

  private Future<Answer> created(PostgresTransaction transaction, Call call, EventType made) {
    return note(transaction, call, "created", null, made)
        .map(
            _ ->
                Reply.created("/v1/event-types/" + segment(made.settings().name()), made.toJson()));
  }

  /** A name as one segment of a path: of what names hold, only the slash has to be escaped. */
  private static String segment(String name) {
    return name.replace("/", "%2F");
  }

  private Future<Void> note(
      PostgresTransaction transaction,
      Call call,
      String done,
      @Nullable EventType before,
      @Nullable EventType after) {
    EventType type = Objects.requireNonNull(after == null ? before : after);
    return stores.audit.note(
        transaction,
        call,
        Change.between(
            "event-type." + done,
            type.settings().name(),
            before == null ? null : before.toJson(),
            after == null ? null : after.toJson()));
  }

  private static Answer taken(Settings settings) {
    return new Problem(
        Problem.Kind.ALREADY_EXISTS, "There is an event type " + settings.name() + " already");
  }

  Future<Answer> list(Call call) {
    Query query = new Query(call);
    PageRequest page = query.page();
    return Call.with(
        query.result(() -> page),
        wanted ->
            stores
                .eventTypes
                .list(call.organization(), wanted)
                .map(found -> found.answer(EventType::toJson)));
  }

  Future<Answer> get(Call call) {
    return stores
        .eventTypes
        .find(call.organization(), call.id())
        .compose(
            found ->
                Call.found(found, WHAT, type -> Future.succeededFuture(Reply.ok(type.toJson()))));
  }

  /**
   * Changes what the patch names; the schema and the sample are replaced as a whole. The new schema
   * is judged before the type is locked, since that may take long: if the type has changed
   * meanwhile, all of it is done again.
   */
  Future<Answer> patch(Call call) {
    return patch(call, MOST_PATCHES);
  }

  private Future<Answer> patch(Call call, int tries) {
    if (tries == 0) {
      return Future.succeededFuture(
          Problem.overloaded("Others change this " + WHAT + " all the time"));
    }
    return stores
        .eventTypes
        .find(call.organization(), call.id())
        .compose(
            found ->
                Call.found(
                    found,
                    WHAT,
                    before ->
                        read(
                            call,
                            changed(call, before.settings()),
                            after ->
                                update(call, before, after)
                                    .compose(
                                        answer ->
                                            answer.isPresent()
                                                ? Future.succeededFuture(answer.get())
                                                : patch(call, tries - 1)))));
  }

  /** The answer; empty where the type is not {@code before} any more. */
  private Future<Optional<Answer>> update(Call call, EventType before, Settings after) {
    if (after.equals(before.settings())) {
      return Future.succeededFuture(Optional.of(Reply.ok(before.toJson())));
    }
    return change(
            call,
            (transaction, type) ->
                type.equals(before)
                    ? stores
                        .eventTypes
                        .update(transaction, call.organization(), after)
                        .compose(
                            changed ->
                                note(transaction, call, "updated", type, changed)
                                    .map(_ -> Reply.ok(changed.toJson())))
                    : Future.succeededFuture(OUTDATED))
        .map(answer -> answer == OUTDATED ? Optional.empty() : Optional.of(answer));
  }

  /** In a schema null means something, so merging would not do. */
  private static Fields changed(Call call, Settings before) {
    ObjectNode patch = call.json();
    ObjectNode patched = Json.patched(before.toJson(), patch);
    for (String whole : List.of("schema", "sample")) {
      if (patch.has(whole)) {
        patched.set(whole, patch.get(whole));
      }
    }
    Fields fields = new Fields(call, patched);
    String name = fields.text("name");
    if (name != null && !name.equals(before.name())) {
      fields.fault(Fault.of("name", name, "'" + before.name() + "': it cannot be changed"));
    }
    return fields;
  }

  /** Events of the type stay, and may come as before. */
  Future<Answer> delete(Call call) {
    return change(
        call,
        (transaction, type) ->
            stores
                .eventTypes
                .delete(transaction, call.organization(), type.settings().name())
                .compose(_ -> note(transaction, call, "deleted", type, null))
                .map(v -> Reply.noContent()));
  }

  private Future<Answer> change(
      Call call, BiFunction<PostgresTransaction, EventType, Future<Answer>> change) {
    return stores.transactions.run(
        transaction ->
            stores
                .eventTypes
                .lock(transaction, call.organization(), call.id())
                .compose(
                    found -> Call.found(found, WHAT, type -> change.apply(transaction, type))));
  }

  /** Goes on with what was read, or tells all that is wrong with it. */
  private Future<Answer> read(Call call, Fields fields, Function<Settings, Future<Answer>> next) {
    ObjectNode schema = object(fields, "schema");
    ObjectNode sample = object(fields, "sample");
    Future<Verdict> ofSchema =
        schema == null
            ? Future.succeededFuture(new Verdict.Faults(List.of()))
            : schemas.check(call.organization(), schema, sample);
    return ofSchema.compose(
        verdict ->
            switch (verdict) {
              case Verdict.Busy busy -> Future.succeededFuture(busy.problem());
              case Verdict.Faults(List<Fault> faults) -> {
                faults.forEach(fields::fault);
                yield Call.with(fields.result(() -> settings(fields, schema, sample)), next);
              }
            });
  }

  private static Settings settings(
      Fields fields, @Nullable ObjectNode schema, @Nullable ObjectNode sample) {
    return new Settings(
        fields.textOrEmpty("name"), fields.textOrEmpty("description"), text(schema), text(sample));
  }

  private static @Nullable ObjectNode object(Fields fields, String member) {
    return fields.member(member) instanceof ObjectNode object ? object : null;
  }

  private static @Nullable String text(@Nullable ObjectNode json) {
    return json == null ? null : json.toString();
  }
}
