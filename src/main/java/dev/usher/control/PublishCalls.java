package dev.usher.control;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.PayloadSchemas.Judged;
import dev.usher.control.PayloadSchemas.Verdict;
import dev.usher.crypto.Hashes;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.UuidV7;
import dev.usher.journal.Appended;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** The calls that publish events without a source. */
final class PublishCalls {
  /**
   * Events of a call that wait for the journal at a time: a large batch must not take the room of
   * what is received meanwhile.
   */
  private static final int OFFERED_AT_ONCE = 256;

  /** As a delivery takes it up; another one would be a new trace. */
  private static final Pattern TRACEPARENT =
      Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private final Publisher publisher;
  private final PostgresEventTypes types;
  private final PayloadSchemas schemas;
  private final InstantSource clock;

  PublishCalls(
      Publisher publisher, PostgresEventTypes types, PayloadSchemas schemas, InstantSource clock) {
    this.publisher = publisher;
    this.types = types;
    this.schemas = schemas;
    this.clock = clock;
  }

  /** An event and what became of it. */
  private record Offered(Event event, Appended fate) {
    boolean isLost() {
      return fate instanceof Appended.Overloaded || fate instanceof Appended.Unavailable;
    }

    ObjectNode toJson() {
      return switch (fate) {
        case Appended.Accepted() -> json("accepted").put("id", event.id().toString());
        case Appended.Known(EventId first, boolean sameBody) ->
            json(sameBody ? "duplicate" : "conflict").put("id", first.toString());
        case Appended.Overloaded(), Appended.Unavailable() -> json("unavailable").putNull("id");
      };
    }

    private static ObjectNode json(String status) {
      return Json.object().putNull("id").put("status", status);
    }
  }

  /** Publishes one event; the answers are those of the public door. */
  Future<Answer> one(Call call) {
    return Call.with(
        PublishedEventReader.readOne(call),
        event ->
            fitting(
                call,
                List.of(event),
                List.of(""),
                () -> offer(events(call, List.of(event))).map(all -> answer(all.getFirst()))));
  }

  private static Answer answer(Offered offered) {
    return switch (offered.fate()) {
      case Appended.Accepted() -> Reply.accepted(offered.toJson());
      case Appended.Known(EventId first, boolean sameBody) ->
          sameBody ? Reply.ok(offered.toJson()) : conflict(first);
      case Appended.Overloaded(), Appended.Unavailable() -> lost(offered);
    };
  }

  /**
   * Publishes many events. Each has a fate of its own, told in its place; only where none could be
   * kept the whole call has failed.
   */
  Future<Answer> batch(Call call) {
    return Call.with(
        PublishedEventReader.readBatch(call),
        events ->
            fitting(
                call,
                events,
                IntStream.range(0, events.size()).mapToObj(PublishedEventReader::place).toList(),
                () -> offer(events(call, events)).map(PublishCalls::answer)));
  }

  private static Answer answer(List<Offered> all) {
    if (all.stream().allMatch(Offered::isLost)) {
      return lost(all.getFirst());
    }
    ObjectNode json = Json.object();
    ArrayNode data = json.putArray("data");
    int failed = 0;
    for (Offered offered : all) {
      ObjectNode result = offered.toJson();
      data.add(result);
      failed += List.of("conflict", "unavailable").contains(result.path("status").asText()) ? 1 : 0;
    }
    return Reply.accepted(json.put("failed", failed));
  }

  /** Goes on where the data of each event fits the schema of its type, if that has one. */
  private Future<Answer> fitting(
      Call call, List<PublishedEvent> events, List<String> places, Supplier<Future<Answer>> next) {
    Set<String> names = events.stream().map(PublishedEvent::type).collect(toSet());
    return types
        .schemas(call.organization(), names)
        .compose(
            known -> {
              List<Judged> judged = new ArrayList<>();
              for (int i = 0; !known.isEmpty() && i < events.size(); i++) {
                String schema = known.get(events.get(i).type());
                if (schema != null) {
                  String data = events.get(i).data();
                  judged.add(new Judged(schema, () -> Json.trusted(data), places.get(i) + "data"));
                }
              }
              return schemas.judge(call.organization(), judged);
            })
        .compose(
            verdict ->
                switch (verdict) {
                  case Verdict.Busy busy -> Future.succeededFuture(busy.problem());
                  case Verdict.Faults(List<Fault> faults) ->
                      faults.isEmpty()
                          ? next.get()
                          : Future.succeededFuture(Problem.invalid(faults));
                });
  }

  private List<Event> events(Call call, List<PublishedEvent> published) {
    UuidV7 ids = new UuidV7(clock); // in the order of the batch
    Hashes hashes = new Hashes();
    String trace = call.traceparent();
    String headers =
        trace != null && TRACEPARENT.matcher(trace).matches() ? "traceparent: " + trace + "\n" : "";
    return published.stream()
        .map(event -> event.toEvent(new EventId(ids.next()), call.organization(), hashes, headers))
        .toList();
  }

  private Future<List<Offered>> offer(List<Event> events) {
    return offer(events, new ArrayList<>());
  }

  /** A part at a time; where one of a part was not kept, those after it are not even tried. */
  private Future<List<Offered>> offer(List<Event> events, List<Offered> done) {
    if (done.size() == events.size()) {
      return Future.succeededFuture(done);
    }
    if (done.stream().anyMatch(Offered::isLost)) {
      events.stream()
          .skip(done.size())
          .forEach(event -> done.add(new Offered(event, new Appended.Overloaded())));
      return Future.succeededFuture(done);
    }
    int end = Math.min(events.size(), done.size() + OFFERED_AT_ONCE);
    List<Future<Offered>> part =
        events.subList(done.size(), end).stream()
            .map(event -> publisher.publish(event).map(fate -> new Offered(event, fate)))
            .toList();
    return Future.all(part)
        .compose(
            all -> {
              part.forEach(offered -> done.add(offered.result()));
              return offer(events, done);
            });
  }

  private static Problem conflict(EventId first) {
    return new Problem(
        Problem.Kind.IDEMPOTENCY_CONFLICT,
        "This id was accepted before, with another type or data, as " + first);
  }

  private static Problem lost(Offered offered) {
    return offered.fate() instanceof Appended.Overloaded
        ? Problem.overloaded("More arrives than can be written down; nothing was kept")
        : Problem.unavailable(
            "The event cannot be written down now; send it again, best with an id");
  }
}
