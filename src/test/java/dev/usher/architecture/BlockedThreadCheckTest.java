package dev.usher.architecture;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Guards the guard: were Vert.x to log elsewhere or otherwise, the check would be silent for ever.
 */
class BlockedThreadCheckTest {
  @Test
  void aBlockedEventLoopIsSeenAndFailsTheTest() {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS)
                .setBlockedThreadCheckInterval(10)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setMaxEventLoopExecuteTime(20));
    CountDownLatch seen = new CountDownLatch(1);
    try {
      vertx.runOnContext(_ -> awaitQuietly(seen));
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(BlockedThreadCheck::check)
                      .hasMessageContaining("an event loop was blocked")
                      .hasMessageContaining("has been blocked for"));
    } finally {
      seen.countDown();
      vertx.close().await();
      BlockedThreads.take(); // what was said until the loop was free again
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
