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
  private final List<Pipeline> pipelines;
  private final Traces traces;

  /**
   * @param pipelines all of the node's; may still grow
   */
  PipelinePublisher(Vertx vertx, List<Pipeline> pipelines, Traces traces) {
    this.vertx = vertx;
    this.pipelines = pipelines;
    this.traces = traces;
  }

  @Override
  public Future<Appended> publish(Event event) {
    int loops = pipelines.size();
    if (loops == 0) {
      return Future.succeededFuture(new Appended.Unavailable());
    }
    int loop = Math.floorMod(event.organization().hashCode(), loops);
    Context caller = vertx.getOrCreateContext();
    Promise<Appended> answer = Promise.promise();
    pipelines
        .get(loop)
        .admit(traces.published(event))
        .onComplete(fate -> caller.runOnContext(_ -> answer.handle(fate)));
    return answer.future().otherwise(new Appended.Unavailable());
  }
}
