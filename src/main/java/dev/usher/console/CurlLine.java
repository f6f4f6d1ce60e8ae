package dev.usher.console;

/** A line for a shell that sends an event which a source accepts. */
final class CurlLine {
  private static final String BODY =
      "{\"id\":\"T-1\",\"event_type\":\"invoice.purchase\",\"webhook_event_uuid\":\"try-'$(date"
          + " +%s)'\",\"data\":{\"transaction_id\":\"T-1\"}}";

  private CurlLine() {}

  /**
   * The line: with openssl for a Showpass source, with {@code ./usher sign} for the others, whose
   * rules it knows.
   */
  static String of(String scheme, String secret, String address) {
    return scheme.equals("showpass") ? showpass(secret, address) : signed(scheme, secret, address);
  }

  private static String showpass(String secret, String address) {
    return "curl -X POST "
        + address
        + " -H 'Content-Type: application/json' -H \"X-SHOWPASS-SIGNATURE: $(printf %s T-1 |"
        + " openssl dgst -sha1 -hmac "
        + quoted(secret)
        + " -r | cut -d' ' -f1)\" -d '"
        + BODY
        + "'";
  }

  private static String signed(String scheme, String secret, String address) {
    return "printf '%s' '"
        + BODY
        + "' > event.json && ./usher sign --scheme "
        + scheme
        + " --secret "
        + quoted(secret)
        + " --file event.json | curl -X POST "
        + address
        + " -H 'Content-Type: application/json' -H @- --data-binary @event.json";
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
