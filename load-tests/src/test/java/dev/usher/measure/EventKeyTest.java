package dev.usher.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventKeyTest {
  @Test
  void aKeyIsAUuidThatIsFoundInThePayloadThatHoldsIt() {
    EventKey key = new EventKey(EventKey.newSender(), 1_234_567);

    assertThat(UUID.fromString(key.text())).hasToString(key.text());
    assertThat(UUID.fromString(key.text()).version()).isEqualTo(4);
    assertThat(EventKey.find(payload(key.text()))).contains(key);
  }

  @Test
  void twoSendersNeverMeet() {
    assertThat(EventKey.newSender()).isNotEqualTo(EventKey.newSender());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short",
        "6513270e-269e-4d37-b2a7-ffffffffffff",
        "not-hex-not-hex-not-hex-not-hex-not-h"
      })
  void whatIsNoKeyOfOursIsNotTakenForOne(String text) {
    assertThat(EventKey.find(payload(text))).isEmpty();
  }

  @Test
  void aPayloadWithoutAKeyHasNone() {
    assertThat(EventKey.find(Buffer.buffer("{}"))).isEmpty();
  }

  private static Buffer payload(String key) {
    return Buffer.buffer(
        "{\"id\": \"1\",\n  \"webhook_event_uuid\": \"" + key + "\", \"data\": {}}");
  }
}
