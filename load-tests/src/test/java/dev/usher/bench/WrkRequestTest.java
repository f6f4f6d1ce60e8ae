package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.load.ShowpassSignature;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WrkRequestTest {
  private static final URI URL = URI.create("http://127.0.0.1:8080/in/src_1");
  private static final Payload PAYLOAD = Payload.of(0);
  // What showpass.lua puts between head and tail.
  private static final String FROM_SCRIPT = "8001-00000000002a";

  @Test
  void headAndTailAreASignedEventWithAKeyOfTheRightShapeAndLength() {
    WrkRequest request = WrkRequest.to(URL, "secret", PAYLOAD, 0);

    String[] parts = (request.head() + FROM_SCRIPT + request.tail()).split("\r\n\r\n", 2);
    JsonObject event = new JsonObject(parts[1]);
    assertThat(UUID.fromString(event.getString("webhook_event_uuid")).version()).isEqualTo(4);
    assertThat(event.getJsonObject("data").getString("transaction_id"))
        .isEqualTo(event.getString("id"));
    assertThat(parts[0].split("\r\n"))
        .contains(
            "POST /in/src_1 HTTP/1.1",
            "Host: 127.0.0.1:8080",
            "Content-Length: " + parts[1].getBytes(StandardCharsets.UTF_8).length,
            "X-SHOWPASS-SIGNATURE: " + ShowpassSignature.sign("secret", event.getString("id")));
  }

  @Test
  void twoStartsOfWrkNeverSendTheSameKey() {
    assertThat(WrkRequest.to(URL, "secret", PAYLOAD, 0).head())
        .isNotEqualTo(WrkRequest.to(URL, "secret", PAYLOAD, 0).head());
  }
}
