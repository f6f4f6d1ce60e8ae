package dev.usher.load;

import dev.usher.bare.BareVertx;
import dev.usher.load.SampleEvents.SampleEvent;
import dev.usher.process.Await;
import dev.usher.send.Answer;
import dev.usher.send.RawConnection;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds how many events a second a gateway accepts at most: each connection sends the next event
 * when the one before is answered, and the second half of the time counts, as the first one is
 * spent compiling.
 */
final class CapacityProbe {
  private static final int ACCEPTED = 202;

  private final Rig rig;
  private final NetClient client;
  private final AtomicLong accepted = new AtomicLong();
  private volatile boolean over;

  private CapacityProbe(Rig rig, NetClient client) {
    this.rig = rig;
    this.client = client;
  }

  /**
   * Events accepted a second. Waits afterwards until they are delivered, so that they are no burden
   * to what follows.
   *
   * @throws IllegalStateException when nothing was accepted
   */
  static double measure(Rig rig, SuiteSettings settings) {
    Vertx vertx = BareVertx.start(1);
    try {
      CapacityProbe probe = new CapacityProbe(rig, vertx.createNetClient());
      double perSecond =
          probe.run(
              vertx,
              settings.of(Quantity.CONNECTIONS),
              Duration.ofSeconds(settings.of(Quantity.PROBE)).dividedBy(2));
      Await.until(
          Duration.ofSeconds(settings.of(Quantity.DRAIN)), () -> rig.ledger().missing() == 0);
      if (perSecond == 0) {
        throw new IllegalStateException("the gateway accepted nothing: " + rig.summary());
      }
      return perSecond;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    } finally {
      vertx.close().await();
    }
  }

  private double run(Vertx vertx, int connections, Duration half) throws InterruptedException {
    URI url = rig.target().url();
    vertx.runOnContext(
        _ -> {
          for (int i = 0; i < connections; i++) {
            RawConnection.open(client, url).onSuccess(this::next);
          }
        });
    Await.until(half, () -> false);
    long before = accepted.get();
    long begun = System.nanoTime();
    Await.until(half, () -> false);
    double perSecond = (accepted.get() - before) * 1e9 / (System.nanoTime() - begun);
    over = true;
    return perSecond;
  }

  private void next(RawConnection connection) {
    if (over) {
      connection.close();
      return;
    }
    SampleEvent event = rig.nextEvent();
    connection.send(request(event), answer -> answered(connection, event, answer));
  }

  private void answered(RawConnection connection, SampleEvent event, Answer answer) {
    rig.answered(event, answer.status(), answer.body());
    if (answer.status() == ACCEPTED) {
      accepted.incrementAndGet();
    }
    if (connection.isOpen()) {
      next(connection);
    }
  }

  private Buffer request(SampleEvent event) {
    URI url = rig.target().url();
    byte[] body = event.body().getBytes(StandardCharsets.UTF_8);
    String head =
        """
        POST %s HTTP/1.1
        Host: %s
        User-Agent: usher-load-tests
        Content-Type: application/json
        Content-Length: %d
        %s: %s

        """
            .formatted(
                url.getRawPath(),
                url.getAuthority(),
                body.length,
                ShowpassSignature.HEADER,
                event.signature())
            .replace("\n", "\r\n");
    return Buffer.buffer(head).appendBytes(body);
  }
}
