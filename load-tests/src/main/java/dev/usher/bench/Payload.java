package dev.usher.bench;

import dev.usher.measure.EventKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The body that the bench sends, the same but for its key each time.
 *
 * @param id the top-level id, which the signature covers
 * @param key what stands in it for the idempotency key
 */
record Payload(String body, String id, String key) {
  private static final String SAMPLE = "invoice.purchase.json";
  private static final String TICKETS = "ticket_items";
  private static final String FILLER = "customer_note";

  /** The sample as it is, or one of so many bytes. */
  static Payload of(int bytes) {
    String sample = sample();
    JsonObject event = new JsonObject(sample);
    String body = bytes == 0 ? sample : sized(event, bytes);
    return new Payload(body, event.getString("id"), event.getString(EventKey.MEMBER));
  }

  /**
   * As many tickets as fit, and a note for the rest: large orders have many tickets, and small ones
   * are smaller than the sample.
   */
  private static String sized(JsonObject event, int bytes) {
    JsonObject data = event.getJsonObject("data");
    JsonObject ticket = data.getJsonArray(TICKETS).getJsonObject(0);
    JsonArray tickets = new JsonArray();
    data.put(TICKETS, tickets).put("invoice_items", new JsonArray()).put(FILLER, "");
    int ticketBytes = length(ticket.encode()) + 1;
    for (int left = bytes - length(event.encode()); left >= ticketBytes; left -= ticketBytes) {
      tickets.add(ticket);
    }
    int missing = bytes - length(event.encode());
    if (missing < 0) {
      throw new IllegalArgumentException(
          "the smallest event has %d bytes".formatted(bytes - missing));
    }
    data.put(FILLER, "x".repeat(missing));
    return event.encode();
  }

  int bytes() {
    return length(body);
  }

  private static int length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static String sample() {
    try (InputStream in = Payload.class.getResourceAsStream(SAMPLE)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + SAMPLE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
