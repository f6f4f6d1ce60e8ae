package dev.usher.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.measure.EventKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleEventsTest {
  @Test
  void everyEventIsNewAndSignedAndOfTheNextType() {
    String sender = EventKey.newSender();
    SampleEvents samples = new SampleEvents("secret");

    List<SampleEvents.SampleEvent> events =
        IntStream.range(0, 12).mapToObj(i -> samples.event(new EventKey(sender, i))).toList();

    assertThat(events).extracting(SampleEvents.SampleEvent::key).doesNotHaveDuplicates();
    assertThat(events).extracting(SampleEvents.SampleEvent::signature).doesNotHaveDuplicates();
    assertThat(events.stream().map(SampleEvents.SampleEvent::type).distinct()).hasSize(6);
    assertThat(events)
        .allSatisfy(
            event -> {
              JsonObject body = new JsonObject(event.body());
              assertThat(EventKey.find(Buffer.buffer(event.body()))).contains(event.key());
              String id = body.getString("id");
              assertThat(body.getString("event_type")).isEqualTo(event.type());
              assertThat(body.getString("webhook_event_uuid")).isEqualTo(event.key().text());
              assertThat(body.getJsonObject("data").getString("transaction_id")).isEqualTo(id);
              assertThat(event.signature()).isEqualTo(ShowpassSignature.sign("secret", id));
            });
  }

  @Test
  void theSignatureIsThatOfAKnownExample() {
    // The example of HMAC-SHA1 that is quoted everywhere.
    assertThat(ShowpassSignature.sign("key", "The quick brown fox jumps over the lazy dog"))
        .isEqualTo("de7c9b85b8b78aa6bc8a7a36f70a90701c9db4d9");
  }
}
