package dev.usher.verify;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.usher.crypto.Hmac;
import dev.usher.event.SecretKey;
import dev.usher.payload.TopLevel;
import dev.usher.payload.TopLevelReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Shopify (shopify.dev, "Deliver webhooks through HTTPS" and "Ignore duplicate webhooks"): {@code
 * X-Shopify-Hmac-Sha256} is the base64 HMAC-SHA256 of the body under the app's client secret. The
 * type is {@code X-Shopify-Topic}, such as {@code orders/create}. Neither it nor the key is signed,
 * nor is a time.
 *
 * <p>The idempotency key is {@code X-Shopify-Event-Id} with the topic, because one thing that a
 * merchant does may be told under several topics; or {@code X-Shopify-Webhook-Id} where there is no
 * event id.
 */
final class ShopifyScheme implements SignatureScheme {
  private static final String HEADER = "X-Shopify-Hmac-Sha256";
  private static final List<String> HEADERS = List.of(HEADER);
  private static final String TOPIC = "X-Shopify-Topic";
  private static final String EXAMPLE_TOPIC = "orders/create";
  private static final String EVENT_ID = "X-Shopify-Event-Id";
  private static final String WEBHOOK_ID = "X-Shopify-Webhook-Id";
  private static final Credentials SECRET =
      Credentials.of("the app's client secret", "shpat_", "shpca_", "shppa_");
  private static final String ID = "id";
  private static final List<String> MEMBERS = List.of(ID);

  @Override
  public String name() {
    return "shopify";
  }

  @Override
  public List<String> marks() {
    return HEADERS;
  }

  @Override
  public List<String> secretFaults(String secret) {
    return SECRET.faults(secret);
  }

  @Override
  public List<String> optionFaults(Map<String, String> options) {
    return OptionFaults.unknown(options, Set.of());
  }

  @Override
  public RequestVerifier ready(
      List<SecretKey> keys, Map<String, String> options, TopLevelReader reader) {
    return new Ready(HmacKeys.sha256(keys), reader);
  }

  /** One source's requests. */
  private record Ready(HmacKeys keys, TopLevelReader reader) implements RequestVerifier {
    @Override
    public Verification verify(SignedRequest request, Instant now) {
      return switch (SignatureHeaders.read(request.headers(), HEADERS)) {
        case SignatureHeaders.Unfit(Verification answer) -> answer;
        case SignatureHeaders.Once headers ->
            keys.sign(now, SignatureEncoding.BASE64, List.of(headers.value(0)), request.body())
                ? event(request)
                : keys.refusal(HEADER, request, now);
      };
    }

    private Verification event(SignedRequest request) {
      Field topic = Field.ofHeader(request.headers(), TOPIC);
      return switch (reader.read(request.body(), MEMBERS)) {
        case TopLevel.Malformed(String detail) -> new Verification.Malformed(detail);
        case TopLevel.Members members ->
            Field.event(key(request.headers(), topic), topic, members.get(ID));
      };
    }

    private static Field key(RequestHeaders headers, Field topic) {
      if (headers.all(EVENT_ID).isEmpty() && !headers.all(WEBHOOK_ID).isEmpty()) {
        return Field.ofHeader(headers, WEBHOOK_ID);
      }
      Field event = Field.ofHeader(headers, EVENT_ID);
      return event instanceof Field.Valid(String id) && topic instanceof Field.Valid(String name)
          ? Field.ofHeaderValue(EVENT_ID, id + " " + name)
          : event;
    }
  }

  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    byte[] mac = HmacKeys.mac(Hmac.Algorithm.SHA256, secret, request.body());
    return List.of(
        new Header(
            EVENT_ID, requireNonNullElseGet(request.id(), () -> UUID.randomUUID().toString())),
        new Header(TOPIC, requireNonNullElse(request.type(), EXAMPLE_TOPIC)),
        new Header(HEADER, SignatureEncoding.BASE64.encode(mac)));
  }
}
