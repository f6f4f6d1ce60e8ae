package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.usher.crypto.Hmac;
import dev.usher.event.SecretKey;
import dev.usher.payload.TopLevel;
import dev.usher.payload.TopLevelReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Square (developer.squareup.com/docs/webhooks/step3validate): {@code
 * x-square-hmacsha256-signature} is the base64 HMAC-SHA256 of the notification URL and the body
 * under the subscription's signature key. The idempotency key is the body's {@code event_id}, the
 * type its {@code type}. No time is signed.
 *
 * <p>Option: {@code url}, see {@link SentTo}.
 */
final class SquareScheme implements SignatureScheme {
  private static final String HEADER = "x-square-hmacsha256-signature";
  private static final List<String> HEADERS = List.of(HEADER);
  private static final Credentials SECRET =
      Credentials.of("the signature key of the webhook subscription", "EAAA", "sq0", "sandbox-sq0");
  private static final String KEY = "event_id";
  private static final String TYPE = "type";
  private static final String ID = "id";
  private static final List<String> MEMBERS = List.of(KEY, TYPE, ID);

  @Override
  public String name() {
    return "square";
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
    return SentTo.faultsOfAll(options);
  }

  @Override
  public RequestVerifier ready(
      List<SecretKey> keys, Map<String, String> options, TopLevelReader reader) {
    return new Ready(HmacKeys.sha256(keys), SentTo.of(options), reader);
  }

  /** One source's requests. */
  private record Ready(HmacKeys keys, SentTo address, TopLevelReader reader)
      implements RequestVerifier {
    @Override
    public Verification verify(SignedRequest request, Instant now) {
      return switch (SignatureHeaders.read(request.headers(), HEADERS)) {
        case SignatureHeaders.Unfit(Verification answer) -> answer;
        case SignatureHeaders.Once headers -> {
          byte[] url = address.of(request).getBytes(UTF_8);
          List<String> given = List.of(headers.value(0));
          yield keys.sign(now, SignatureEncoding.BASE64, given, url, request.body())
              ? event(reader.read(request.body(), MEMBERS))
              : keys.refusal(HEADER, request, now);
        }
      };
    }

    private static Verification event(TopLevel body) {
      return switch (body) {
        case TopLevel.Malformed(String detail) -> new Verification.Malformed(detail);
        case TopLevel.Members members ->
            Field.event(
                Field.ofMember(KEY, members.get(KEY)),
                Field.ofMember(TYPE, members.get(TYPE)),
                members.get(ID));
      };
    }
  }

  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    byte[] url = SentTo.of(options).of(request).getBytes(UTF_8);
    byte[] mac = HmacKeys.mac(Hmac.Algorithm.SHA256, secret, url, request.body());
    return List.of(new Header(HEADER, SignatureEncoding.BASE64.encode(mac)));
  }
}
