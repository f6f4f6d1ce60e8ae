package dev.usher.verify;

import dev.usher.crypto.Hmac;
import dev.usher.event.SecretKey;
import dev.usher.payload.PathReader;
import dev.usher.payload.PathValues;
import dev.usher.payload.TopLevelReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * PagerDuty's V3 webhooks (developer.pagerduty.com/docs/verifying-webhook-signatures): {@code
 * X-PagerDuty-Signature} lists one or, while a secret is rotated, several {@code v1=} with the
 * hexadecimal HMAC-SHA256 of the body, apart by commas. The idempotency key is the body's {@code
 * event.id}, the type its {@code event.event_type}. No time is signed.
 */
final class PagerDutyScheme implements SignatureScheme {
  private static final String HEADER = "X-PagerDuty-Signature";
  private static final List<String> HEADERS = List.of(HEADER);
  private static final String VERSION = "v1";
  private static final Credentials SECRET =
      Credentials.of("the secret that creating the webhook subscription showed");
  private static final String KEY = "event.id";
  private static final String TYPE = "event.event_type";
  private static final String ID = "id";
  private static final List<String> PATHS = List.of(KEY, TYPE, ID);

  @Override
  public String name() {
    return "pagerduty";
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
      List<SecretKey> keys, Map<String, String> options, TopLevelReader topLevel) {
    return new Ready(HmacKeys.sha256(keys), new PathReader(topLevel));
  }

  /** One source's requests. */
  private record Ready(HmacKeys keys, PathReader reader) implements RequestVerifier {
    @Override
    public Verification verify(SignedRequest request, Instant now) {
      return switch (SignatureHeaders.read(request.headers(), HEADERS)) {
        case SignatureHeaders.Unfit(Verification answer) -> answer;
        case SignatureHeaders.Once headers -> {
          List<String> given = NamedValues.parse(headers.value(0), ',').all(VERSION);
          yield keys.sign(now, SignatureEncoding.LOWER_HEX, given, request.body())
              ? event(reader.read(request.body(), PATHS))
              : keys.refusal(HEADER, request, now);
        }
      };
    }

    private static Verification event(PathValues body) {
      return switch (body) {
        case PathValues.Malformed(String detail) -> new Verification.Malformed(detail);
        case PathValues.Found found ->
            Field.event(
                Field.ofMember(KEY, found.member(KEY)),
                Field.ofMember(TYPE, found.member(TYPE)),
                found.member(ID));
      };
    }
  }

  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    byte[] mac = HmacKeys.mac(Hmac.Algorithm.SHA256, secret, request.body());
    return List.of(new Header(HEADER, VERSION + "=" + SignatureEncoding.LOWER_HEX.encode(mac)));
  }
}
