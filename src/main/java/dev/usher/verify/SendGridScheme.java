package dev.usher.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.usher.crypto.EcdsaP256;
import dev.usher.event.SecretKey;
import dev.usher.payload.Member;
import dev.usher.payload.PathReader;
import dev.usher.payload.PathValues;
import dev.usher.payload.TopLevelReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * SendGrid's signed Event Webhook (twilio.com/docs/sendgrid, "Getting started with the Event
 * Webhook Security Features"), and whoever signs like it: {@code
 * X-Twilio-Email-Event-Webhook-Signature} is the base64 ECDSA signature over P-256 and SHA-256 of
 * {@code X-Twilio-Email-Event-Webhook-Timestamp} and the body. The source's secret is the public
 * key, in base64 as SendGrid shows it.
 *
 * <p>SendGrid sends an array of events, which stays one event here, of the type {@code
 * sendgrid.events}; the idempotency key is its content. Of an object the key is {@code sg_event_id}
 * and the type {@code event}, where it has them.
 *
 * <p>Option: {@code tolerance}.
 */
final class SendGridScheme implements SignatureScheme {
  private static final String HEADER = "X-Twilio-Email-Event-Webhook-Signature";
  private static final String TIME = "X-Twilio-Email-Event-Webhook-Timestamp";
  private static final List<String> HEADERS = List.of(HEADER, TIME);
  private static final String KEY = "sg_event_id";
  private static final String TYPE = "event";
  private static final String ANY_TYPE = "sendgrid.events";
  private static final String ID = "id";
  private static final List<String> PATHS = List.of(KEY, TYPE, ID);

  @Override
  public String name() {
    return "sendgrid";
  }

  @Override
  public List<String> secretFaults(String secret) {
    return EcdsaP256.verifier(secret) != null
        ? List.of()
        : List.of(
            "secret: is no public key; expected the verification key that SendGrid shows, an"
                + " elliptic-curve public key on P-256 in base64");
  }

  /** A key that nobody can sign with: SendGrid shows the real one when it knows our address. */
  @Override
  public String newSecret() {
    return EcdsaP256.newPublicKey();
  }

  @Override
  public List<String> optionFaults(Map<String, String> options) {
    return Tolerance.faultsOfAll(options);
  }

  @Override
  public RequestVerifier ready(
      List<SecretKey> keys, Map<String, String> options, TopLevelReader topLevel) {
    return new Ready(
        new Keys<>(keys, SendGridScheme::verifier),
        Tolerance.of(options),
        new PathReader(topLevel));
  }

  private static EcdsaP256 verifier(String secret) {
    return Objects.requireNonNull(EcdsaP256.verifier(secret), "the secret was checked");
  }

  /** One source's requests. */
  private record Ready(Keys<EcdsaP256> keys, Tolerance tolerance, PathReader reader)
      implements RequestVerifier {
    @Override
    public Verification verify(SignedRequest request, Instant now) {
      return switch (SignatureHeaders.read(request.headers(), HEADERS)) {
        case SignatureHeaders.Unfit(Verification answer) -> answer;
        case SignatureHeaders.Once headers -> {
          Verification fault = tolerance.fault(TIME, headers.value(1), now);
          yield fault != null ? fault : verify(request, headers, now);
        }
      };
    }

    private Verification verify(SignedRequest request, SignatureHeaders.Once headers, Instant now) {
      byte[] timestamp = headers.value(1).getBytes(ISO_8859_1);
      return keys.anyMatches(now, key -> key.verifies(headers.value(0), timestamp, request.body()))
          ? event(request.body())
          : keys.refusal(HEADER, request, now);
    }

    private Verification event(byte[] body) {
      return switch (reader.readObjectOrArray(body, PATHS)) {
        case PathValues.Malformed(String detail) -> new Verification.Malformed(detail);
        case PathValues.Found found ->
            Field.event(
                found.member(KEY) instanceof Member.Text
                    ? Field.ofMember(KEY, found.member(KEY))
                    : Field.ofContent(body),
                found.member(TYPE) instanceof Member.Text
                    ? Field.ofMember(TYPE, found.member(TYPE))
                    : new Field.Valid(ANY_TYPE),
                found.member(ID));
      };
    }
  }

  /** Signing takes the private key, in base64 as PKCS #8. */
  @Override
  public List<String> signingSecretFaults(String secret) {
    return EcdsaP256.sign(secret) != null
        ? List.of()
        : List.of(
            "secret: is no private key; expected an elliptic-curve private key on P-256, PKCS #8 in"
                + " base64 (the source has its public key)");
  }

  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    String timestamp = Long.toString(request.timestamp().getEpochSecond());
    String signature = EcdsaP256.sign(secret, timestamp.getBytes(ISO_8859_1), request.body());
    return List.of(
        new Header(HEADER, Objects.requireNonNull(signature, "the secret was checked")),
        new Header(TIME, timestamp));
  }
}
