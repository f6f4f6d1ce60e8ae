package dev.usher.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.usher.crypto.Hex;
import dev.usher.crypto.Hmac;
import dev.usher.event.SecretKey;
import dev.usher.payload.Member;
import dev.usher.payload.PathReader;
import dev.usher.payload.PathValues;
import dev.usher.payload.TopLevelReader;
import java.util.List;
import java.util.Map;

/**
 * Zoom (developers.zoom.us/docs/api/webhooks, "Verify webhook events"): {@link V0Signature} under
 * the app's secret token. The type is the body's {@code event}. Zoom gives no id, so the key is the
 * content: a retry repeats it.
 *
 * <p>{@code endpoint.url_validation} is answered with the HMAC of its {@code plainToken} and is no
 * event. Only a signed one is: whoever gets an answer could otherwise have us sign for him.
 *
 * <p>Option: {@code tolerance}.
 */
final class ZoomScheme implements SignatureScheme {
  private static final List<String> HEADERS = List.of("x-zm-signature", "x-zm-request-timestamp");
  private static final Credentials SECRET = Credentials.of("the app's secret token");
  private static final String TYPE = "event";
  private static final String VALIDATION = "endpoint.url_validation";
  private static final String TOKEN = "payload.plainToken";
  private static final String ID = "id";
  private static final List<String> PATHS = List.of(TYPE, TOKEN, ID);

  @Override
  public String name() {
    return "zoom";
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
    return Tolerance.faultsOfAll(options);
  }

  @Override
  public RequestVerifier ready(
      List<SecretKey> keys, Map<String, String> options, TopLevelReader topLevel) {
    V0Signature signature = V0Signature.of(HEADERS, keys, options);
    PathReader reader = new PathReader(topLevel);
    return (request, now) ->
        signature.verify(
            request,
            now,
            signer -> event(request.body(), reader.read(request.body(), PATHS), signer));
  }

  private static Verification event(byte[] body, PathValues values, Hmac signer) {
    if (values instanceof PathValues.Malformed(String detail)) {
      return new Verification.Malformed(detail);
    }
    PathValues.Found found = (PathValues.Found) values;
    Member type = found.member(TYPE);
    return type.equals(new Member.Text(VALIDATION))
        ? answer(found.member(TOKEN), signer)
        : Field.event(Field.ofContent(body), Field.ofMember(TYPE, type), found.member(ID));
  }

  private static Verification answer(Member token, Hmac signer) {
    if (!(token instanceof Member.Text(String plain)) || !Challenges.isToken(plain)) {
      return Challenges.malformed(TOKEN);
    }
    String encrypted = Hex.encode(signer.sign(plain.getBytes(US_ASCII)));
    return new Verification.Challenge(
        "{\"plainToken\":\"" + plain + "\",\"encryptedToken\":\"" + encrypted + "\"}");
  }

  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    return V0Signature.sign(HEADERS, secret, request);
  }
}
