package dev.usher.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElseGet;

import dev.usher.crypto.Hmac;
import dev.usher.event.SecretKey;
import dev.usher.payload.Member;
import dev.usher.payload.PathReader;
import dev.usher.payload.PathValues;
import dev.usher.payload.TopLevelReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Mailgun (documentation.mailgun.com, "Securing Webhooks"): the body's {@code signature} holds a
 * {@code timestamp}, a {@code token} and, as {@code signature} or for a subaccount also as {@code
 * parent-signature}, the hexadecimal HMAC-SHA256 of the two under the webhook signing key. The
 * idempotency key is {@code event-data.id}, the type {@code event-data.event}.
 *
 * <p>The event itself is not signed: whoever saw a request can put another event beside its
 * signature while its time is good. Such a source should have an allowlist.
 *
 * <p>Option: {@code tolerance}.
 */
final class MailgunScheme implements SignatureScheme {
  private static final Credentials SECRET =
      Credentials.of("the account's HTTP webhook signing key", "pubkey-");
  private static final String SIGNATURE = "signature";
  private static final String TIME = "signature.timestamp";
  private static final String TOKEN = "signature.token";
  private static final String MAC = "signature.signature";
  private static final String PARENT_MAC = "signature.parent-signature";
  private static final String KEY = "event-data.id";
  private static final String TYPE = "event-data.event";
  private static final String ID = "id";
  private static final List<String> PATHS =
      List.of(SIGNATURE, TIME, TOKEN, MAC, PARENT_MAC, KEY, TYPE, ID);

  @Override
  public String name() {
    return "mailgun";
  }

  @Override
  public List<String> secretFaults(String secret) {
    return SECRET.faults(secret);
  }

  @Override
  public List<String> optionFaults(Map<String, String> options) {
    return Tolerance.faultsOfAll(options);
  }

  @Override
  public RequestVerifier ready(
      List<SecretKey> keys, Map<String, String> options, TopLevelReader topLevel) {
    return new Ready(HmacKeys.sha256(keys), Tolerance.of(options), new PathReader(topLevel));
  }

  /** One source's requests. */
  private record Ready(HmacKeys keys, Tolerance tolerance, PathReader reader)
      implements RequestVerifier {
    @Override
    public Verification verify(SignedRequest request, Instant now) {
      return switch (reader.read(request.body(), PATHS)) {
        case PathValues.Malformed(String detail) -> new Verification.Malformed(detail);
        case PathValues.Found found -> verify(request, found, now);
      };
    }

    private Verification verify(SignedRequest request, PathValues.Found body, Instant now) {
      String timestamp = timestamp(body);
      List<String> given =
          Stream.of(MAC, PARENT_MAC)
              .map(body::member)
              .filter(Member.Text.class::isInstance)
              .map(mac -> ((Member.Text) mac).value())
              .toList();
      if (timestamp.isEmpty()
          || given.isEmpty()
          || !(body.member(TOKEN) instanceof Member.Text(String token))) {
        return new Verification.Refused(
            "the body's 'signature' lacks timestamp, token or signature");
      }
      Verification fault = tolerance.faultOfMember(TIME, timestamp, now);
      if (fault != null) {
        return fault;
      }
      byte[] signed = (timestamp + token).getBytes(UTF_8);
      return keys.sign(now, SignatureEncoding.LOWER_HEX, given, signed)
          ? event(body)
          : keys.refusal("the body", request, now);
    }

    /** A string in what Mailgun sends, a number in what it documents. */
    private static String timestamp(PathValues.Found body) {
      return body.member(TIME) instanceof Member.Text(String text)
          ? text
          : requireNonNullElseGet(body.number(TIME), () -> "");
    }

    private static Verification event(PathValues.Found body) {
      return Field.event(
          Field.ofMember(KEY, body.member(KEY)),
          Field.ofMember(TYPE, body.member(TYPE)),
          body.member(ID),
          body.without(SIGNATURE)); // each try may be signed anew
    }
  }

  /**
   * The member that the body needs, which {@link #signedBody} puts there; no header. The id of the
   * request is the token.
   */
  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    return List.of(new Header(SIGNATURE, signature(secret, request)));
  }

  @Override
  public byte[] signedBody(String secret, Map<String, String> options, UnsignedRequest request) {
    PathReader reader = new PathReader(new TopLevelReader());
    return switch (reader.read(request.body(), PATHS)) {
      case PathValues.Malformed(String detail) -> throw new IllegalArgumentException(detail);
      case PathValues.Found found -> {
        String signature = signature(secret, request);
        if (!(found.member(SIGNATURE) instanceof Member.Absent)) {
          yield found.with(SIGNATURE, signature);
        }
        int begin = found.text().indexOf('{') + 1;
        boolean isEmpty = found.text().substring(begin).strip().equals("}");
        yield (found.text().substring(0, begin)
                + "\"signature\":"
                + signature
                + (isEmpty ? "" : ",")
                + found.text().substring(begin))
            .getBytes(UTF_8);
      }
    };
  }

  private static String signature(String secret, UnsignedRequest request) {
    String token =
        requireNonNullElseGet(request.id(), () -> UUID.randomUUID().toString().replace("-", ""));
    if (!Challenges.isToken(token)) {
      throw new IllegalArgumentException("the id is Mailgun's token; expected letters and digits");
    }
    String timestamp = Long.toString(request.timestamp().getEpochSecond());
    byte[] mac =
        HmacKeys.mac(Hmac.Algorithm.SHA256, secret, (timestamp + token).getBytes(US_ASCII));
    return "{\"timestamp\":\"%s\",\"token\":\"%s\",\"signature\":\"%s\"}"
        .formatted(timestamp, token, SignatureEncoding.LOWER_HEX.encode(mac));
  }
}
