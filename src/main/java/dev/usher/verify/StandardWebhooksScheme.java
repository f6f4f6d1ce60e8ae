package dev.usher.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.usher.crypto.ConstantTime;
import dev.usher.crypto.StandardWebhooksSigner;
import dev.usher.event.SecretKey;
import dev.usher.payload.TopLevel;
import dev.usher.payload.TopLevelReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Standard Webhooks 1.0 with symmetric keys: {@code webhook-signature} holds one or several
 * signatures of {@code webhook-id}, {@code webhook-timestamp} and the body, apart by spaces. Svix
 * sends the same under {@code svix-} names. The idempotency key is the id, the type the payload's
 * {@code type}.
 *
 * <p>Option: {@code tolerance}, how far the time stamp may lie from our clock (default {@code 5m}).
 */
final class StandardWebhooksScheme implements SignatureScheme {
  /** The names of the three headers. */
  private record Names(String id, String timestamp, String signature, List<String> all) {
    static Names of(String id, String timestamp, String signature) {
      return new Names(id, timestamp, signature, List.of(id, timestamp, signature));
    }
  }

  private static final Names STANDARD =
      Names.of("webhook-id", "webhook-timestamp", "webhook-signature");
  private static final Names SVIX = Names.of("svix-id", "svix-timestamp", "svix-signature");

  /** The specification wants 24 to 64 bytes; Svix lets its users choose up to 75. */
  private static final int MIN_KEY_BYTES = 24;

  private static final int MAX_KEY_BYTES = 75;

  private static final String ID = "id";
  private static final String TYPE = "type";
  private static final List<String> MEMBERS = List.of(ID, TYPE);

  @Override
  public String name() {
    return "standard-webhooks";
  }

  @Override
  public List<String> marks() {
    return List.of(STANDARD.signature, SVIX.signature);
  }

  @Override
  public List<String> secretFaults(String secret) {
    byte[] key = StandardWebhooksSigner.key(secret);
    if (key == null) {
      return List.of("secret: is not base64; expected whsec_ and a key in base64");
    }
    return key.length < MIN_KEY_BYTES || key.length > MAX_KEY_BYTES
        ? List.of(
            "secret: holds a key of %d bytes; expected %d to %d"
                .formatted(key.length, MIN_KEY_BYTES, MAX_KEY_BYTES))
        : List.of();
  }

  @Override
  public List<String> optionFaults(Map<String, String> options) {
    List<String> faults = OptionFaults.unknown(options, Set.of(Tolerance.OPTION));
    String fault = Tolerance.fault(options);
    if (fault != null) {
      faults.add(fault);
    }
    return faults;
  }

  @Override
  public RequestVerifier ready(
      List<SecretKey> keys, Map<String, String> options, TopLevelReader reader) {
    return new Ready(
        new Keys<>(keys, StandardWebhooksScheme::signer), Tolerance.of(options), reader);
  }

  /** One source's requests. */
  private record Ready(
      Keys<StandardWebhooksSigner> signers, Tolerance tolerance, TopLevelReader reader)
      implements RequestVerifier {
    @Override
    public Verification verify(SignedRequest request, Instant now) {
      // One family as a whole: an id of one must not be taken with the signature of the other.
      RequestHeaders given = request.headers();
      boolean svix =
          given.all(STANDARD.signature).isEmpty() && !given.all(SVIX.signature).isEmpty();
      Names names = svix ? SVIX : STANDARD;
      return switch (SignatureHeaders.read(given, names.all)) {
        case SignatureHeaders.Unfit(Verification answer) -> answer;
        case SignatureHeaders.Once headers -> {
          Verification fault = tolerance.fault(names.timestamp, headers.value(1), now);
          yield fault != null ? fault : verify(names, headers, request, now);
        }
      };
    }

    private Verification verify(
        Names names, SignatureHeaders.Once headers, SignedRequest request, Instant now) {
      return switch (signedId(names.id, headers.value(0))) {
        case Field.Invalid(String detail) -> new Verification.Malformed(detail);
        case Field.Valid key ->
            signs(key.text(), headers.value(1), headers.value(2), request.body(), now)
                ? event(key, reader.read(request.body(), MEMBERS))
                : signers.refusal(names.signature, request, now);
      };
    }

    private boolean signs(String id, String timestamp, String signature, byte[] body, Instant now) {
      List<byte[]> given = signatures(signature);
      byte[] idBytes = id.getBytes(ISO_8859_1);
      byte[] timestampBytes = timestamp.getBytes(ISO_8859_1);
      return signers.anyMatches(
          now,
          signer -> {
            byte[] computed = signer.base64(idBytes, timestampBytes, body);
            boolean matches = false;
            for (byte[] one : given) {
              matches |= ConstantTime.equal(computed, one);
            }
            return matches;
          });
    }
  }

  /** The id, which must hold no full stop lest it could reach into the next signed part. */
  private static Field signedId(String header, String text) {
    return text.indexOf('.') < 0
        ? Field.ofHeaderValue(header, text)
        : new Field.Invalid("the header " + header + " holds a full stop; expected none");
  }

  /**
   * The signatures of version 1 in a header, in base64 as they stand there. They are compared in
   * this form because base64 decoders let several texts pass for the same bytes.
   */
  private static List<byte[]> signatures(String header) {
    List<byte[]> signatures = new ArrayList<>(1);
    String prefix = StandardWebhooksSigner.SIGNATURE_PREFIX;
    for (int start = 0; start < header.length(); ) {
      int space = header.indexOf(' ', start);
      int end = space < 0 ? header.length() : space;
      if (header.startsWith(prefix, start)) {
        int from = Math.min(end, start + prefix.length());
        signatures.add(header.substring(from, end).getBytes(ISO_8859_1));
      }
      start = end + 1;
    }
    return signatures;
  }

  private static Verification event(Field key, TopLevel body) {
    return switch (body) {
      case TopLevel.Malformed(String detail) -> new Verification.Malformed(detail);
      case TopLevel.Members members ->
          Field.event(key, Field.ofMember(TYPE, members.get(TYPE)), members.get(ID));
    };
  }

  /** Signs under the {@code webhook-} names, with a new id where none is given. */
  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    String id = request.id() != null ? request.id() : "msg_" + UUID.randomUUID();
    if (signedId(STANDARD.id, id) instanceof Field.Invalid(String detail)) {
      throw new IllegalArgumentException(detail);
    }
    long timestamp = request.timestamp().getEpochSecond();
    return List.of(
        new Header(STANDARD.id, id),
        new Header(STANDARD.timestamp, Long.toString(timestamp)),
        new Header(STANDARD.signature, signer(secret).sign(id, timestamp, request.body())));
  }

  private static StandardWebhooksSigner signer(String secret) {
    return Objects.requireNonNull(StandardWebhooksSigner.of(secret), "the secret was checked");
  }
}
