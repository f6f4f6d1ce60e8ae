package dev.usher.demo;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** Showpass events of all types in turn, each a new one. */
final class SampleEvents {
  private static final List<String> TYPES =
      List.of(
          "invoice.purchase",
          "invoice.transfer",
          "invoice.transferred",
          "invoice.refund",
          "invoice.void",
          "webhook.test");

  private final List<String> samples = TYPES.stream().map(SampleEvents::read).toList();
  private int next;

  /**
   * One event as it is sent.
   *
   * @param id what its signature covers
   * @param key its idempotency key
   */
  record Sample(String id, String key, String type, byte[] body) {}

  Sample next() {
    int index = next++ % samples.size();
    JsonObject payload = new JsonObject(samples.get(index));
    String id = UUID.randomUUID().toString();
    String key = UUID.randomUUID().toString();
    payload.put("id", id).put("webhook_event_uuid", key);
    payload.getJsonObject("data").put("transaction_id", id);
    byte[] body = payload.encode().getBytes(StandardCharsets.UTF_8);
    return new Sample(id, key, TYPES.get(index), body);
  }

  private static String read(String type) {
    try (InputStream in =
        SampleEvents.class.getResourceAsStream("/dev/usher/samples/" + type + ".json")) {
      if (in == null) {
        throw new IllegalStateException("the sample " + type + " is missing from the build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
