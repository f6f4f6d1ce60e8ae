package dev.usher.testing;

import dev.usher.crypto.ShowpassSigner;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;

/**
 * A Showpass source of an organization of its own, and the sender that signs for it.
 *
 * @param gateway where it was created; other gateways on the same stores know it as well
 */
public record TestSource(
    TestGateway gateway, String organization, String apiKey, String path, String secret) {

  /** A new event's body: its own id and idempotency key. */
  public static JsonObject newPayload() {
    String id = UUID.randomUUID().toString();
    return new JsonObject()
        .put("id", id)
        .put("event_type", "invoice.purchase")
        .put("webhook_event_uuid", UUID.randomUUID().toString())
        .put("data", new JsonObject().put("transaction_id", id).put("customer_name", "Anaïs"));
  }

  /** Signs and sends a body to the gateway where the source was created. */
  public HttpResponse<String> send(JsonObject payload) {
    return send(gateway, payload);
  }

  /** Signs and sends a body to {@code node}. */
  public HttpResponse<String> send(TestGateway node, JsonObject payload) {
    return TestGateway.send(
        signed(node.ingress(path), payload.getString("id"), payload.encode()).build());
  }

  /** A request with this body, signed for {@code id}. */
  public HttpRequest.Builder signed(URI url, String id, String body) {
    return HttpRequest.newBuilder(url)
        .timeout(Duration.ofSeconds(30))
        .header("content-type", "application/json")
        .header("X-SHOWPASS-SIGNATURE", new ShowpassSigner(secret).sign(id))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8)));
  }

  /** A request with this body to the gateway where the source was created. */
  public HttpRequest.Builder signed(String id, String body) {
    return signed(gateway.ingress(path), id, body);
  }
}
