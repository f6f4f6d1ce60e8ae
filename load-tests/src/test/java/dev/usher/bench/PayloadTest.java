package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.measure.EventKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {
  @ParameterizedTest
  @ValueSource(ints = {1_024, 4_096, 65_536})
  void aPayloadHasExactlyTheBytesItShould(int bytes) {
    Payload payload = Payload.of(bytes);

    assertThat(payload.bytes()).isEqualTo(bytes);
    assertThat(new JsonObject(payload.body()).getString("id")).isEqualTo(payload.id());
  }

  @Test
  void aKeyPutInItsPlaceIsFoundByAReceiver() {
    EventKey key = new EventKey(EventKey.newSender(), 42);
    Payload payload = Payload.of(65_536);

    assertThat(EventKey.find(Buffer.buffer(payload.body().replace(payload.key(), key.text()))))
        .contains(key);
  }
}
