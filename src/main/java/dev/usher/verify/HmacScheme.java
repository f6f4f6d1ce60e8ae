package dev.usher.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.usher.crypto.Hmac;
import dev.usher.crypto.StrictUtf8;
import dev.usher.event.SecretKey;
import dev.usher.payload.TopLevel;
import dev.usher.payload.TopLevelReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Any sender that puts an HMAC into a header. The key is the secret in UTF-8. Options:
 *
 * <table>
 * <caption>Options of a source with this scheme</caption>
 * <tr><th>option</th><th>default</th><th>meaning</th></tr>
 * <tr><td>{@code algorithm}</td><td>{@code sha256}</td><td>or {@code sha1}, {@code sha512}</td></tr>
 * <tr><td>{@code encoding}</td><td>{@code hex}</td><td>or {@code base64}</td></tr>
 * <tr><td>{@code header}</td><td>required</td><td>where the signature stands</td></tr>
 * <tr><td>{@code prefix}</td><td>none</td><td>what goes before it, such as {@code sha256=}</td></tr>
 * <tr><td>{@code signed}</td><td><code>{body}</code></td><td>what is signed, with
 *   <code>{timestamp}</code> and <code>{id}</code> (the idempotency key)</td></tr>
 * <tr><td>{@code timestamp-header}</td><td>none</td><td>where the time stands, in seconds since
 *   1970</td></tr>
 * <tr><td>{@code tolerance}</td><td>{@code 5m}</td><td>how far it may lie from our clock, either
 *   way</td></tr>
 * <tr><td>{@code key}</td><td>{@code body:id}</td><td>the idempotency key: {@code header:NAME}, or
 *   {@code body:MEMBER} for a top-level member</td></tr>
 * <tr><td>{@code type}</td><td>{@code body:type}</td><td>the event's type, likewise</td></tr>
 * </table>
 *
 * <p>A key or a type in a header that is not signed is believed as it stands: GitHub, for one,
 * signs the body alone.
 */
final class HmacScheme implements SignatureScheme {
  private static final String ID = "id";
  private static final Field NO_ID = new Field.Valid("");

  @Override
  public String name() {
    return "hmac";
  }

  @Override
  public List<String> secretFaults(String secret) {
    return OptionFaults.ofTextSecret(secret);
  }

  @Override
  public List<String> optionFaults(Map<String, String> options) {
    return HmacOptions.faults(options);
  }

  @Override
  public RequestVerifier ready(
      List<SecretKey> keys, Map<String, String> options, TopLevelReader reader) {
    return new Ready(HmacOptions.of(options), keys, reader);
  }

  private static Hmac hmac(HmacOptions options, String secret) {
    return Hmac.of(options.algorithm(), StrictUtf8.encode(secret));
  }

  /** An id as it may be signed: clear of what parts it from its neighbours. */
  private static Field signedId(HmacOptions options, String header, Field id) {
    return id instanceof Field.Valid(String text) && !options.signed().admitsId(text)
        ? new Field.Invalid(
            "the header " + header + " holds the character that parts it from what is signed next")
        : id;
  }

  /** One source's requests. */
  private static final class Ready implements RequestVerifier {
    private final HmacOptions options;
    private final Keys<Hmac> keys;
    private final TopLevelReader reader;
    private final List<String> signatureHeaders;
    private final List<String> members;

    Ready(HmacOptions options, List<SecretKey> keys, TopLevelReader reader) {
      this.options = options;
      this.keys = new Keys<>(keys, secret -> hmac(options, secret));
      this.reader = reader;
      this.signatureHeaders =
          options.timestampHeader() == null
              ? List.of(options.header())
              : List.of(options.header(), options.timestampHeader());
      this.members =
          Stream.of(new Location.InBody(ID), options.key(), options.type())
              .mapMulti(Ready::addMember)
              .distinct()
              .toList();
    }

    private static void addMember(Location location, Consumer<String> members) {
      if (location instanceof Location.InBody(String member)) {
        members.accept(member);
      }
    }

    @Override
    public Verification verify(SignedRequest request, Instant now) {
      return switch (SignatureHeaders.read(request.headers(), signatureHeaders)) {
        case SignatureHeaders.Unfit(Verification answer) -> answer;
        case SignatureHeaders.Once headers -> {
          if (options.timestampHeader() == null) {
            yield verify(request, headers.value(0), "", now);
          }
          String timestamp = headers.value(1);
          Verification fault = options.tolerance().fault(options.timestampHeader(), timestamp, now);
          yield fault != null ? fault : verify(request, headers.value(0), timestamp, now);
        }
      };
    }

    private Verification verify(
        SignedRequest request, String signature, String timestamp, Instant now) {
      Field id = NO_ID;
      if (options.signed().signsId() && options.key() instanceof Location.InHeader(String name)) {
        id = signedId(options, name, Field.ofHeader(request.headers(), name));
      }
      return switch (id) {
        case Field.Invalid(String detail) -> new Verification.Malformed(detail);
        case Field.Valid(String text) ->
            signs(request.body(), signature, text, timestamp, now)
                ? event(request)
                : keys.refusal(options.header(), request, now);
      };
    }

    private boolean signs(byte[] body, String signature, String id, String timestamp, Instant now) {
      if (!signature.startsWith(options.prefix())) {
        return false;
      }
      String given = signature.substring(options.prefix().length());
      byte[] idBytes = id.getBytes(ISO_8859_1);
      byte[] timestampBytes = timestamp.getBytes(ISO_8859_1);
      return keys.anyMatches(
          now,
          hmac -> {
            byte[] mac = options.signed().sign(hmac, body, idBytes, timestampBytes);
            return options.encoding().matches(mac, given);
          });
    }

    private Verification event(SignedRequest request) {
      RequestHeaders headers = request.headers();
      return switch (reader.read(request.body(), members)) {
        case TopLevel.Malformed(String detail) -> new Verification.Malformed(detail);
        case TopLevel.Members found ->
            Field.event(
                options.key().read(headers, found),
                options.type().read(headers, found),
                found.get(ID));
      };
    }
  }

  /**
   * Signs with a new id where none is given and the key stands in a header. A type that stands in a
   * header is for the caller to add: nothing here knows it.
   */
  @Override
  public List<Header> sign(
      String secret, Map<String, String> optionTexts, UnsignedRequest request) {
    HmacOptions options = HmacOptions.of(optionTexts);
    List<Header> headers = new ArrayList<>();
    String id = "";
    if (options.key() instanceof Location.InHeader(String name)) {
      id = request.id() != null ? request.id() : UUID.randomUUID().toString();
      if (signedId(options, name, Field.ofHeaderValue(name, id))
          instanceof Field.Invalid(String detail)) {
        throw new IllegalArgumentException(detail);
      }
      headers.add(new Header(name, id));
    }
    String timestamp = Long.toString(request.timestamp().getEpochSecond());
    if (options.timestampHeader() != null) {
      headers.add(new Header(options.timestampHeader(), timestamp));
    }
    byte[] mac =
        options
            .signed()
            .sign(
                hmac(options, secret),
                request.body(),
                id.getBytes(ISO_8859_1),
                timestamp.getBytes(ISO_8859_1));
    headers.add(new Header(options.header(), options.prefix() + options.encoding().encode(mac)));
    return headers;
  }
}
