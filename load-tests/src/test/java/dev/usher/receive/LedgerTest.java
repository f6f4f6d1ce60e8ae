package dev.usher.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.measure.EventKey;
import dev.usher.measure.Phases;
import dev.usher.measure.Phases.Phase;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = new Ledger(2, new Phases(Phase.ofSeconds("all", 3_600)));

  @Test
  void anAcceptedEventIsMissingUntilEachEndpointHasIt() {
    EventKey key = ledger.send();
    ledger.accepted(key.number(), "evt_1");
    assertThat(ledger.missing()).isEqualTo(2);

    ledger.received(0, Optional.of(key), "evt_1");
    assertThat(ledger.missing()).isEqualTo(1);
    assertThat(ledger.exampleOfMissing()).contains(key.text());

    ledger.received(1, Optional.of(key), "evt_1");
    assertThat(ledger.missing()).isZero();
    assertThat(ledger.exampleOfMissing()).isEmpty();
    assertThat(ledger.deliveries(0).count()).isEqualTo(2);
  }

  @Test
  void anEventMayArriveBeforeItsAnswer() {
    EventKey key = ledger.send();
    ledger.received(0, Optional.of(key), "evt_1");
    ledger.received(1, Optional.of(key), "evt_1");
    ledger.accepted(key.number(), "evt_1");

    assertThat(ledger.missing()).isZero();
    assertThat(ledger.otherIds()).isZero();
  }

  @Test
  void anEventThatIsKnownAlreadyMustArriveToo() {
    ledger.known(ledger.send().number(), "evt_1");

    assertThat(ledger.missing()).isEqualTo(2);
  }

  @Test
  void anAnswerThatNeverCameOwesNothing() {
    ledger.send();

    assertThat(ledger.missing()).isZero();
  }

  @Test
  void aSecondArrivalIsCountedApart() {
    EventKey key = ledger.send();
    ledger.received(0, Optional.of(key), "evt_1");
    ledger.received(0, Optional.of(key), "evt_1");

    assertThat(ledger.received()).isEqualTo(1);
    assertThat(ledger.receivedAgain()).isEqualTo(1);
  }

  @Test
  void anEventAcceptedTwiceIsSeen() {
    EventKey key = ledger.send();
    ledger.accepted(key.number(), "evt_1");
    ledger.accepted(key.number(), "evt_1");

    assertThat(ledger.accepted()).isEqualTo(1);
    assertThat(ledger.acceptedAgain()).isEqualTo(1);
  }

  @Test
  void anotherIdThanTheFirstIsSeen() {
    EventKey key = ledger.send();
    ledger.accepted(key.number(), "evt_1");
    ledger.known(key.number(), "evt_2");
    ledger.received(0, Optional.of(key), "evt_3");

    assertThat(ledger.otherIds()).isEqualTo(2);
  }

  @Test
  void theDeliveryOfARefusedEventIsSeen() {
    EventKey key = ledger.send();
    ledger.refused(key.number());
    assertThat(ledger.refusedButReceived()).isZero();

    ledger.received(1, Optional.of(key), "evt_1");
    assertThat(ledger.refusedButReceived()).isEqualTo(1);
  }

  @Test
  void whatNobodySentIsStrange() {
    ledger.received(0, Optional.empty(), "evt_1");
    ledger.received(0, Optional.of(new EventKey(EventKey.newSender(), 0)), "evt_1");
    ledger.received(0, Optional.of(new EventKey(ledger.send().sender(), 1)), "evt_1");

    assertThat(ledger.strange()).isEqualTo(3);
  }

  @Test
  void manyEventsAreFollowedAcrossPages() {
    int events = LedgerPage.EVENTS * 2 + 5;
    for (int i = 0; i < events; i++) {
      EventKey key = ledger.send();
      ledger.accepted(key.number(), "evt_1");
      ledger.received(0, Optional.of(key), "evt_1");
    }

    assertThat(ledger.sent()).isEqualTo(events);
    assertThat(ledger.missing()).isEqualTo(events);
    assertThat(ledger.received()).isEqualTo(events);
  }
}
