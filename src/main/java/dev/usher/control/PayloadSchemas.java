package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of event types at work. Judging may take long, and event loops carry the data path:
 * it is done on one thread of its own, one call after the other, and of each organization one call
 * at a time, so that nobody waits for more than one call of each other organization.
 */
final class PayloadSchemas {
  /** Faults of one call that are told. */
  private static final int MAX_FAULTS = 100;

  /** Calls of an organization that wait, each with its body; more are answered 503. */
  static final int MOST_WAITING = 16;

  private final WorkerExecutor worker;
  private final Turns<OrganizationId> turns = new Turns<>(MOST_WAITING);
  private final SchemaJudge judge = new SchemaJudge(); // belongs to the worker

  PayloadSchemas(Vertx vertx) {
    worker = vertx.createSharedWorkerExecutor("usher-schemas", 1);
  }

  /** What came of judging. */
  sealed interface Verdict {
    /** What is wrong; empty where nothing is. */
    record Faults(List<Fault> faults) implements Verdict {}

    /** Not judged: too many of the organization's calls wait already. */
    record Busy() implements Verdict {
      Problem problem() {
        return Problem.overloaded("More arrives than can be held against schemas");
      }
    }
  }

  /**
   * Data to be judged; faults tell {@code place}.
   *
   * @param data read on the worker
   */
  record Judged(String schema, Supplier<JsonNode> data, String place) {}

  /** What is wrong with a new schema of {@code organization}, or with its sample. */
  Future<Verdict> check(OrganizationId organization, ObjectNode schema, @Nullable JsonNode sample) {
    return run(
        organization,
        () -> {
          List<Fault> faults = judge.faultsOfSchema(schema, "schema");
          return faults.isEmpty() && sample != null
              ? judge.faultsOfData(schema.toString(), sample, "sample")
              : faults;
        });
  }

  /** What is wrong with all of these, which are of {@code organization}. */
  Future<Verdict> judge(OrganizationId organization, List<Judged> all) {
    if (all.isEmpty()) {
      return Future.succeededFuture(new Verdict.Faults(List.of()));
    }
    return run(
        organization,
        () -> {
          List<Fault> faults = new ArrayList<>();
          for (Judged judged : all) {
            if (faults.size() < MAX_FAULTS) {
              faults.addAll(
                  judge.faultsOfData(judged.schema(), judged.data().get(), judged.place()));
            }
          }
          return faults;
        });
  }

  private Future<Verdict> run(OrganizationId organization, Callable<List<Fault>> work) {
    Promise<Verdict> verdict = Promise.promise();
    boolean taken =
        turns.take(
            organization,
            () ->
                worker
                    .executeBlocking(
                        () -> {
                          judge.begin();
                          return work.call();
                        })
                    .<Verdict>map(Verdict.Faults::new)
                    .onComplete(verdict)
                    .onComplete(_ -> turns.ended(organization)));
    return taken ? verdict.future() : Future.succeededFuture(new Verdict.Busy());
  }
}
