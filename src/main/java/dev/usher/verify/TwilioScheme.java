package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.usher.crypto.Hex;
import dev.usher.crypto.Hmac;
import dev.usher.crypto.Sha256;
import dev.usher.event.SecretKey;
import dev.usher.payload.Member;
import dev.usher.payload.PathReader;
import dev.usher.payload.PathValues;
import dev.usher.payload.TopLevelReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Twilio (twilio.com/docs/usage/security, "Validating requests"): {@code X-Twilio-Signature} is the
 * base64 HMAC-SHA1, under the account's auth token, of the address with its query and then the
 * form's names and values in the order of the names. Of JSON the address carries the SHA-256, in
 * the query's {@code bodySHA256}, and is signed alone. The address counts with and without its
 * port, as in Twilio's libraries.
 *
 * <p>The idempotency key is the content, of which {@code I-Twilio-Idempotency-Token} says no more
 * and which is not signed. The type is what the request says happened: {@code EventType}, {@code
 * StatusCallbackEvent}, {@code message.delivered} from {@code MessageStatus} and so on. No time is
 * signed.
 *
 * <p>Option: {@code url}, see {@link SentTo}.
 */
final class TwilioScheme implements SignatureScheme {
  private static final String HEADER = "X-Twilio-Signature";
  private static final List<String> HEADERS = List.of(HEADER);
  private static final String BODY_HASH = "bodySHA256=";
  private static final Credentials SECRET = Credentials.of("the account's auth token", "AC", "SK");
  private static final String ANY_TYPE = "twilio.webhook";
  private static final String ID = "id";
  private static final String TYPE = "type";
  private static final List<String> PATHS = List.of(TYPE, ID);

  /** A parameter that tells the type, and what goes before it. */
  private record Telling(String parameter, String prefix) {}

  private static final List<Telling> TYPES =
      List.of(
          new Telling("EventType", ""),
          new Telling("StatusCallbackEvent", ""),
          new Telling("MessageStatus", "message."),
          new Telling("SmsStatus", "message."),
          new Telling("RecordingStatus", "recording."),
          new Telling("CallStatus", "call."));

  @Override
  public String name() {
    return "twilio";
  }

  @Override
  public List<String> marks() {
    return HEADERS;
  }

  /** Auth tokens are 32 hexadecimal digits; the ids of accounts and API keys begin otherwise. */
  @Override
  public List<String> secretFaults(String secret) {
    return secret.length() == 34 ? SECRET.faults(secret) : OptionFaults.ofTextSecret(secret);
  }

  @Override
  public List<String> optionFaults(Map<String, String> options) {
    return SentTo.faultsOfAll(options);
  }

  @Override
  public boolean acceptsContentType(@Nullable String contentType) {
    return JsonContentType.matches(contentType) || Form.isContentType(contentType);
  }

  @Override
  public RequestVerifier ready(
      List<SecretKey> keys, Map<String, String> options, TopLevelReader topLevel) {
    HmacKeys hmacs = new HmacKeys(keys, Hmac.Algorithm.SHA1);
    return new Ready(hmacs, SentTo.of(options), new PathReader(topLevel));
  }

  /** One source's requests. */
  private record Ready(HmacKeys keys, SentTo address, PathReader reader)
      implements RequestVerifier {
    @Override
    public Verification verify(SignedRequest request, Instant now) {
      return switch (SignatureHeaders.read(request.headers(), HEADERS)) {
        case SignatureHeaders.Unfit(Verification answer) -> answer;
        case SignatureHeaders.Once headers -> verify(request, headers.value(0), now);
      };
    }

    private Verification verify(SignedRequest request, String signature, Instant now) {
      String url = address.of(request);
      String bodyHash = bodyHash(url);
      if (bodyHash != null) {
        // Whatever type the request claims: a signed address alone must not bring any other body.
        boolean genuine =
            signs(url, new byte[0], signature, now)
                && SignatureEncoding.LOWER_HEX.matches(Sha256.of(request.body()), bodyHash);
        return genuine ? ofJson(request.body()) : keys.refusal(HEADER, request, now);
      }
      if (!Form.isBodyOf(request)) {
        return new Verification.Refused("the address has no bodySHA256, so JSON is not signed");
      }
      Form form = Form.parse(request.body());
      if (form == null) {
        return new Verification.Malformed(Form.EXPECTED);
      }
      return signs(url, form.joined(), signature, now)
          ? Field.event(Field.ofContent(request.body()), type(form))
          : keys.refusal(HEADER, request, now);
    }

    private boolean signs(String url, byte[] parameters, String signature, Instant now) {
      List<String> given = List.of(signature);
      boolean genuine = false;
      for (String spelling : List.of(url, withOtherPort(url))) {
        byte[] bytes = spelling.getBytes(UTF_8);
        genuine |= keys.sign(now, SignatureEncoding.BASE64, given, bytes, parameters);
      }
      return genuine;
    }

    private Verification ofJson(byte[] body) {
      return switch (reader.readObjectOrArray(body, PATHS)) { // Event Streams sends arrays
        case PathValues.Malformed(String detail) -> new Verification.Malformed(detail);
        case PathValues.Found found ->
            Field.event(
                Field.ofContent(body),
                found.member(TYPE) instanceof Member.Text
                    ? Field.ofMember(TYPE, found.member(TYPE))
                    : new Field.Valid(ANY_TYPE),
                found.member(ID));
      };
    }
  }

  private static Field type(Form form) {
    for (Telling telling : TYPES) {
      String value = form.only(telling.parameter);
      if (value != null && !value.isEmpty()) {
        return Field.ofParameter(telling.parameter, telling.prefix + value);
      }
    }
    return new Field.Valid(ANY_TYPE);
  }

  /** The hash of the body in an address; null where there is none. */
  private static @Nullable String bodyHash(String url) {
    int query = url.indexOf('?');
    if (query < 0) {
      return null;
    }
    for (String parameter : url.substring(query + 1).split("&", -1)) {
      if (parameter.startsWith(BODY_HASH)) {
        return parameter.substring(BODY_HASH.length());
      }
    }
    return null;
  }

  /** The address without its port, or with the usual one where it has none. */
  static String withOtherPort(String url) {
    int host = url.indexOf("://") + 3;
    int end = host;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    int colon = url.lastIndexOf(':', end - 1);
    boolean hasPort = colon >= host && url.indexOf(']', colon) < 0;
    if (hasPort) {
      return url.substring(0, colon) + url.substring(end);
    }
    return url.substring(0, end) + (url.startsWith("https:") ? ":443" : ":80") + url.substring(end);
  }

  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    String url = SentTo.of(options).of(request);
    byte[] mac =
        HmacKeys.mac(
            Hmac.Algorithm.SHA1, secret, url.getBytes(UTF_8), parameters(url, request.body()));
    return List.of(new Header(HEADER, SignatureEncoding.BASE64.encode(mac)));
  }

  private static byte[] parameters(String url, byte[] body) {
    if (bodyHash(url) != null) {
      return new byte[0];
    }
    if (body.length > 0 && (body[0] == '{' || body[0] == '[')) {
      throw new IllegalArgumentException(
          "JSON is signed by the address; expected %s%s in the query of --url"
              .formatted(BODY_HASH, Hex.encode(Sha256.of(body))));
    }
    Form form = Form.parse(body);
    if (form == null) {
      throw new IllegalArgumentException(Form.EXPECTED);
    }
    return form.joined();
  }
}
