package dev.usher;

import dev.usher.control.Publisher;
import dev.usher.event.Event;
import dev.usher.journal.Appended;
import dev.usher.trace.Traces;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * Takes published events to the data path: each to the event loop that its organization always
 * gets, so that they are journaled in their order, and its fate back to the caller's own loop.
 */
final class PipelinePublisher implements Publisher {
  private final Vertx vertx;
  private final Pipelines pipelines;
  private final Traces traces;

  PipelinePublisher(Vertx vertx, Pipelines pipelines, Traces traces) {
    this.vertx = vertx;
    this.pipelines = pipelines;
    this.traces = traces;
  }

  @Override
  public Future<Appended> publish(Event event) {
    List<Pipeline> open = pipelines.all();
    if (open.isEmpty()) {
      return Future.succeededFuture(new Appended.Unavailable());
    }
    int loop = Math.floorMod(event.organization().hashCode(), open.size());
    Context caller = vertx.getOrCreateContext();
    Promise<Appended> answer = Promise.promise();
    open.get(loop)
        .admit(traces.published(event))
        .onComplete(fate -> caller.runOnContext(_ -> answer.handle(fate)));
    return answer.future().otherwise(new Appended.Unavailable());
  }
}
