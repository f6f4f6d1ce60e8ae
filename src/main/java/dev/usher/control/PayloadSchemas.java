package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of event types at work. Judging may take long, and event loops carry the data path:
 * it is done on one thread of its own, one call after the other.
 */
final class PayloadSchemas {
  /** Faults of one call that are told. */
  private static final int MAX_FAULTS = 100;

  private final WorkerExecutor worker;
  private final SchemaJudge judge = new SchemaJudge(); // belongs to the worker

  PayloadSchemas(Vertx vertx) {
    worker = vertx.createSharedWorkerExecutor("usher-schemas", 1);
  }

  /** Data to be judged; faults tell {@code place}. */
  record Judged(String schema, JsonNode data, String place) {}

  /** What is wrong with a new schema, or with its sample. */
  Future<List<Fault>> check(ObjectNode schema, @Nullable JsonNode sample) {
    return run(
        () -> {
          List<Fault> faults = judge.faultsOfSchema(schema, "schema");
          return faults.isEmpty() && sample != null
              ? judge.faultsOfData(schema.toString(), sample, "sample")
              : faults;
        });
  }

  /** What is wrong with all of these. */
  Future<List<Fault>> judge(List<Judged> all) {
    if (all.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return run(
        () -> {
          List<Fault> faults = new ArrayList<>();
          for (Judged judged : all) {
            if (faults.size() < MAX_FAULTS) {
              faults.addAll(judge.faultsOfData(judged.schema(), judged.data(), judged.place()));
            }
          }
          return faults;
        });
  }

  private Future<List<Fault>> run(Callable<List<Fault>> work) {
    return worker.executeBlocking(
        () -> {
          judge.begin();
          return work.call();
        });
  }
}
