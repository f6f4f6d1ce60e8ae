package dev.usher.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.Attempt.Outcome;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CircuitsTest {
  private static final Endpoint ENDPOINT =
      new Endpoint(
          new EndpointId(new UUID(0, 1)),
          new OrganizationId(new UUID(0, 2)),
          "e",
          URI.create("https://e.example/"),
          List.of("*"),
          Endpoint.Status.ACTIVE,
          List.of(),
          Endpoint.Signature.SHOWPASS,
          Map.of(),
          null,
          null,
          null,
          null,
          false,
          null,
          null,
          1);
  private static final Event EVENT =
      new Event(
          new EventId(new UUID(0, 3)),
          ENDPOINT.organization(),
          null,
          "key",
          new Hash128(0, 0),
          new Hash128(0, 0),
          "a",
          null,
          "application/json",
          "",
          new byte[0]);

  private final Circuits circuits =
      new Circuits(
          new Disabling() {
            @Override
            public void gone(Endpoint endpoint, Event event) {
              throw new AssertionError(endpoint);
            }

            @Override
            public Future<Void> onlyFailed(Endpoint endpoint, Instant since) {
              throw new AssertionError(endpoint);
            }
          });

  private void fail() {
    circuits.ended(ENDPOINT, EVENT, Answer.failed(Outcome.TIMEOUT, "late"));
  }

  @Test
  void aFailureIsToldOnceSoThatWhatEndedElsewhereDoesNotComeBack() {
    fail();
    assertThat(circuits.takeStreaks(0))
        .extracting(Circuits.Streak::endpoint)
        .containsExactly(ENDPOINT);
    assertThat(circuits.takeStreaks(0)).isEmpty();
    fail();
    List<Circuits.Streak> taken = circuits.takeStreaks(0);
    assertThat(taken).hasSize(1);
    circuits.putBackStreaks(taken);
    assertThat(circuits.takeStreaks(0)).hasSize(1);
    fail();
    circuits.succeeded(ENDPOINT);
    assertThat(circuits.takeStreaks(0)).isEmpty();
  }
}
