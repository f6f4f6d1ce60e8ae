package dev.usher.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.measure.EventKey;
import dev.usher.measure.Phases;
import dev.usher.measure.Phases.Phase;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReceiversTest {
  private final Ledger ledger = new Ledger(2, new Phases(Phase.ofSeconds("all", 3_600)));
  private final AtomicBoolean hanging = new AtomicBoolean();
  private final Receivers receivers = new Receivers(ledger, 2, hanging::get, "127.0.0.1");
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() throws Exception {
    receivers.start();
  }

  @AfterEach
  void close() {
    receivers.close();
    client.shutdownNow();
  }

  @Test
  void eachEndpointNotesWhatItGets() throws Exception {
    EventKey key = ledger.send();
    ledger.accepted(key.number(), "evt_1");

    assertThat(post(receivers.endpoint(0), key)).isEqualTo(200);
    assertThat(ledger.missing()).isEqualTo(1);
    assertThat(post(receivers.endpoint(1), key)).isEqualTo(200);
    assertThat(ledger.missing()).isZero();
  }

  @Test
  void anEndpointBehindTheLastOneHangsWhenItShouldAndIsInNoLedger() throws Exception {
    EventKey key = ledger.send();
    assertThat(post(receivers.endpoint(2), key)).isEqualTo(200);
    hanging.set(true);
    assertThatThrownBy(() -> post(receivers.endpoint(2), key))
        .isInstanceOf(HttpTimeoutException.class);

    assertThat(ledger.received() + ledger.strange()).isZero();
  }

  @Test
  void aCheckIsAnsweredWhenItHolds() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    URI check =
        receivers.add(
            new Check(
                "third time",
                Duration.ofSeconds(30),
                () -> Check.unless(asked.incrementAndGet() == 3, "not yet")));

    assertThat(get(check).statusCode()).isEqualTo(200);
    assertThat(asked).hasValue(3);
  }

  @Test
  void aCheckThatNeverHoldsIsAnsweredWithItsFault() throws Exception {
    URI check = receivers.add(Check.now("never", () -> Optional.of("because")));

    assertThat(get(check).statusCode()).isEqualTo(500);
    assertThat(get(check).body()).isEqualTo("because");
  }

  private int post(URI endpoint, EventKey key) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .timeout(Duration.ofMillis(500))
            .header("webhook-id", "evt_1")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"webhook_event_uuid\":\"" + key.text() + "\"}"))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private HttpResponse<String> get(URI address) throws Exception {
    return client.send(
        HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
  }
}
