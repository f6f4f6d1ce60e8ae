package dev.usher.jmh;

import dev.usher.event.OrganizationId;
import dev.usher.event.SecretKey;
import dev.usher.event.Source;
import dev.usher.event.SourceId;
import dev.usher.verify.Header;
import dev.usher.verify.Schemes;
import dev.usher.verify.SignedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Requests and sources as they come in, and bodies of any size. */
final class Samples {
  private static final String PURCHASE = "/dev/usher/samples/invoice.purchase.json";
  private static final String TICKETS = "\"ticket_items\": [";
  private static final String TICKET =
      "{\"id\": 52000100, \"event_name\": \"Harbour Lights Festival\", \"ticket_status\":"
          + " \"issued\", \"barcode_string\": \"HLF000040\", \"name_on_ticket\": \"Anaïs O'Neil\","
          + " \"created_by_transfer\": false, \"product_id\": null}, ";

  private Samples() {}

  /** The product's own sample of a purchase, with further tickets until it has so many bytes. */
  static byte[] purchase(int bytes) {
    StringBuilder body = new StringBuilder(text());
    // Where Standard Webhooks looks for it; Showpass says event_type.
    body.insert(1, "\"type\": \"invoice.purchase\",");
    int at = body.indexOf(TICKETS) + TICKETS.length();
    while (body.length() < bytes) {
      body.insert(at, TICKET);
    }
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String text() {
    try (InputStream in = Samples.class.getResourceAsStream(PURCHASE)) {
      if (in == null) {
        throw new IllegalStateException("the gateway has no " + PURCHASE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Source source(String scheme, String secret, Map<String, String> options) {
    return new Source(
        new SourceId(new UUID(1, 2)),
        new OrganizationId(new UUID(3, 4)),
        "JMH",
        scheme,
        List.of(new SecretKey(secret, null)),
        options,
        List.of(),
        null,
        1);
  }

  /** A request to the source, signed with {@code secret}. */
  static SignedRequest request(Source source, String secret, byte[] body, Instant now) {
    List<Header> signed = Schemes.sign(source.scheme(), secret, source.options(), body, null, now);
    return new SignedRequest(name -> values(signed, name), body, "/in/" + source.id());
  }

  private static List<String> values(List<Header> headers, String name) {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        return List.of(header.value());
      }
    }
    return List.of();
  }
}
