package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.usher.crypto.ConstantTime;
import dev.usher.crypto.Hex;
import dev.usher.crypto.ShowpassSigner;
import dev.usher.event.SecretKey;
import dev.usher.payload.Member;
import dev.usher.payload.TopLevel;
import dev.usher.payload.TopLevelReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Showpass: {@code X-SHOWPASS-SIGNATURE} is the lower-case hexadecimal HMAC-SHA1 of the payload's
 * top-level {@code id}. The idempotency key is {@code webhook_event_uuid}, the type {@code
 * event_type}.
 *
 * <p>The signature does not cover the body. That the {@code id} which is verified is the one which
 * is processed rests on {@link TopLevelReader}; that nobody signs another body with a recorded
 * {@code id} rests on the source's networks and on refusing a known key with another body.
 */
final class ShowpassScheme implements SignatureScheme {
  private static final String HEADER = "X-SHOWPASS-SIGNATURE";

  private static final List<String> HEADERS = List.of(HEADER);
  private static final String ID = "id";
  private static final String TYPE = "event_type";
  private static final String KEY = "webhook_event_uuid";
  private static final List<String> MEMBERS = List.of(ID, TYPE, KEY);

  @Override
  public String name() {
    return "showpass";
  }

  @Override
  public List<String> marks() {
    return HEADERS;
  }

  @Override
  public List<String> secretFaults(String secret) {
    return OptionFaults.ofTextSecret(secret);
  }

  @Override
  public List<String> optionFaults(Map<String, String> options) {
    return OptionFaults.unknown(options, Set.of());
  }

  @Override
  public RequestVerifier ready(
      List<SecretKey> keys, Map<String, String> options, TopLevelReader reader) {
    return new Ready(new Keys<>(keys, ShowpassSigner::new), reader);
  }

  /** One source's requests. */
  private record Ready(Keys<ShowpassSigner> signers, TopLevelReader reader)
      implements RequestVerifier {
    @Override
    public Verification verify(SignedRequest request, Instant now) {
      return switch (SignatureHeaders.read(request.headers(), HEADERS)) {
        case SignatureHeaders.Unfit(Verification answer) -> answer;
        case SignatureHeaders.Once headers ->
            switch (reader.read(request.body(), MEMBERS)) {
              case TopLevel.Malformed(String detail) -> new Verification.Malformed(detail);
              case TopLevel.Members members -> verify(members, headers.value(0), request, now);
            };
      };
    }

    private Verification verify(
        TopLevel.Members members, String signature, SignedRequest request, Instant now) {
      Member payloadId = members.get(ID);
      return switch (Field.ofMember(ID, payloadId)) {
        case Field.Invalid(String detail) -> new Verification.Malformed(detail);
        case Field.Valid(String id) ->
            signs(id, signature, now)
                ? Field.event(
                    Field.ofMember(KEY, members.get(KEY)),
                    Field.ofMember(TYPE, members.get(TYPE)),
                    payloadId)
                : signers.refusal(HEADER, request, now);
      };
    }

    private boolean signs(String id, String signature, Instant now) {
      byte[] given = Hex.decodeLower(signature, ShowpassSigner.SIGNATURE_BYTES);
      if (given == null) {
        return false;
      }
      byte[] message = id.getBytes(UTF_8); // exact: the reader lets no unpaired surrogate pass
      return signers.anyMatches(now, signer -> ConstantTime.equal(signer.mac(message), given));
    }
  }

  /** Signs the given id, or else the one of the body. */
  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    String id = request.id() != null ? request.id() : idOf(request.body());
    return List.of(new Header(HEADER, new ShowpassSigner(secret).sign(id)));
  }

  private static String idOf(byte[] body) {
    return switch (new TopLevelReader().read(body, MEMBERS)) {
      case TopLevel.Malformed(String detail) -> throw new IllegalArgumentException(detail);
      case TopLevel.Members members ->
          switch (Field.ofMember(ID, members.get(ID))) {
            case Field.Invalid(String detail) -> throw new IllegalArgumentException(detail);
            case Field.Valid(String id) -> id;
          };
    };
  }
}
