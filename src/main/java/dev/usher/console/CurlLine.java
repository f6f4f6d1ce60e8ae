package dev.usher.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Map;

/** A line for a shell that sends an event which a source accepts, another one each time. */
final class CurlLine {
  /** Ends the quotes around a body, puts the time in, and begins them again. */
  private static final String NOW = "'$(date +%s)'";

  private static final String SHOWPASS =
      "{\"id\":\"T-1\",\"event_type\":\"invoice.purchase\",\"webhook_event_uuid\":\"try-"
          + NOW
          + "\",\"data\":{\"transaction_id\":\"T-1\"}}";

  /** What the others' senders send, as short as it may be: docs/sources.md. */
  private static final Map<String, String> BODIES =
      Map.ofEntries(
          Map.entry("standard-webhooks", "{\"type\":\"order.paid\",\"data\":{}}"),
          Map.entry(
              "stripe", "{\"id\":\"evt_try_" + NOW + "\",\"type\":\"payment_intent.succeeded\"}"),
          Map.entry("github", "{\"zen\":\"Try it.\"}"),
          Map.entry("shopify", "{\"id\":" + NOW + "}"),
          Map.entry(
              "slack", "{\"event_id\":\"Ev" + NOW + "\",\"event\":{\"type\":\"app_mention\"}}"),
          Map.entry("twilio", "MessageSid=SM" + NOW + "&MessageStatus=delivered"),
          Map.entry("square", "{\"event_id\":\"try-" + NOW + "\",\"type\":\"payment.created\"}"),
          Map.entry(
              "pagerduty",
              "{\"event\":{\"id\":\"try-" + NOW + "\",\"event_type\":\"incident.triggered\"}}"),
          Map.entry("zoom", "{\"event\":\"meeting.started\",\"event_ts\":" + NOW + "000}"),
          Map.entry(
              "paddle",
              "{\"event_id\":\"evt_" + NOW + "\",\"event_type\":\"transaction.completed\"}"),
          Map.entry(
              "mailgun", "{\"event-data\":{\"id\":\"try-" + NOW + "\",\"event\":\"delivered\"}}"),
          Map.entry(
              "linear",
              "{\"type\":\"Issue\",\"action\":\"create\",\"webhookTimestamp\":" + NOW + "000}"));

  private CurlLine() {}

  /**
   * The line: with openssl for a Showpass source, with {@code ./usher sign} for the others, whose
   * rules it knows.
   *
   * @return empty for a scheme whose source cannot sign, because it holds a public key
   */
  static String of(String scheme, Map<String, String> options, String secret, String address) {
    return switch (scheme) {
      case "showpass" -> showpass(secret, address);
      case "hmac" -> signed(scheme, options, secret, address, hmacBody(options));
      default -> {
        String body = BODIES.get(scheme);
        yield body == null ? "" : signed(scheme, options, secret, address, body);
      }
    };
  }

  private static String showpass(String secret, String address) {
    return "curl -X POST "
        + address
        + " -H 'Content-Type: application/json' -H \"X-SHOWPASS-SIGNATURE: $(printf %s T-1 |"
        + " openssl dgst -sha1 -hmac "
        + quoted(secret)
        + " -r | cut -d' ' -f1)\" -d '"
        + SHOWPASS
        + "'";
  }

  private static String signed(
      String scheme, Map<String, String> options, String secret, String address, String body) {
    StringBuilder sign =
        new StringBuilder("./usher sign --scheme ")
            .append(scheme)
            .append(" --secret ")
            .append(quoted(secret));
    options.forEach((name, value) -> sign.append(" --option ").append(quoted(name + "=" + value)));
    sign.append(" --url ").append(address).append(" --file event.txt");
    String post =
        " | curl -X POST "
            + address
            + " -H 'Content-Type: "
            + (scheme.equals("twilio") ? "application/x-www-form-urlencoded" : "application/json")
            + "'";
    // Where the signature stands in the body, the body is what is printed.
    String rest =
        scheme.equals("mailgun")
            ? sign + " --body" + post + " --data-binary @-"
            : sign + post + typeHeader(options) + " -H @- --data-binary @event.txt";
    return "printf %s '" + body + "' > event.txt && " + rest;
  }

  /** A type in a header is unknown to whoever signs. */
  private static String typeHeader(Map<String, String> options) {
    String type = options.getOrDefault("type", "");
    return type.startsWith("header:")
        ? " -H " + quoted(type.substring("header:".length()) + ": try.event")
        : "";
  }

  private static String hmacBody(Map<String, String> options) {
    String key = options.getOrDefault("key", "body:id");
    String type = options.getOrDefault("type", "body:type");
    StringBuilder body = new StringBuilder();
    if (key.startsWith("body:")) {
      body.append(member(key)).append(":\"try-").append(NOW).append('"');
    }
    if (type.startsWith("body:") && !type.equals(key)) {
      body.append(body.isEmpty() ? "" : ",").append(member(type)).append(":\"try.event\"");
    }
    return "{" + body + "}";
  }

  private static String member(String location) {
    String name = location.substring("body:".length());
    return JsonNodeFactory.instance.textNode(name).toString().replace("'", "'\\''");
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
