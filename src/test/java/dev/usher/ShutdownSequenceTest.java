package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every step runs, whatever became of the one before it. */
class ShutdownSequenceTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws TimeoutException {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void theNextStepRunsWhetherTheOneBeforeFailsThrowsOrNeverEnds() throws TimeoutException {
    List<String> run = new ArrayList<>();
    new ShutdownSequence(vertx)
        .then("fails", _ -> Future.failedFuture("it did"))
        .then(
            "throws",
            _ -> {
              throw new IllegalStateException("it did");
            })
        .then("never ends", _ -> Promise.promise().future())
        .then(
            "last",
            _ -> {
              run.add("last");
              return Future.succeededFuture();
            })
        .run(Duration.ofSeconds(2))
        .await(10, TimeUnit.SECONDS);
    assertThat(run).containsExactly("last");
  }
}
