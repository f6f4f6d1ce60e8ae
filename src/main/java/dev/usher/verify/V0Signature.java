package dev.usher.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.usher.crypto.Hmac;
import dev.usher.event.SecretKey;
import dev.usher.verify.SignatureScheme.UnsignedRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The signature that Slack invented and Zoom took over: {@code v0=} and the hexadecimal HMAC-SHA256
 * of <code>v0:{timestamp}:{body}</code>, with the time in a header of its own.
 *
 * @param names the signature's header and the time's, in this order
 */
record V0Signature(List<String> names, HmacKeys keys, Tolerance tolerance) {
  private static final String PREFIX = "v0=";

  static V0Signature of(List<String> names, List<SecretKey> keys, Map<String, String> options) {
    return new V0Signature(names, HmacKeys.sha256(keys), Tolerance.of(options));
  }

  /**
   * Verifies a request.
   *
   * @param genuine what to say of one that is genuine, told the key that signed it
   */
  Verification verify(SignedRequest request, Instant now, Function<Hmac, Verification> genuine) {
    return switch (SignatureHeaders.read(request.headers(), names)) {
      case SignatureHeaders.Unfit(Verification answer) -> answer;
      case SignatureHeaders.Once headers -> {
        String signature = headers.value(0);
        String timestamp = headers.value(1);
        Verification fault = tolerance.fault(names.get(1), timestamp, now);
        if (fault != null) {
          yield fault;
        }
        List<String> given =
            signature.startsWith(PREFIX)
                ? List.of(signature.substring(PREFIX.length()))
                : List.of();
        Hmac signer =
            keys.signer(now, SignatureEncoding.LOWER_HEX, given, head(timestamp), request.body());
        yield signer == null ? keys.refusal(names.getFirst(), request, now) : genuine.apply(signer);
      }
    };
  }

  static List<Header> sign(List<String> names, String secret, UnsignedRequest request) {
    String timestamp = Long.toString(request.timestamp().getEpochSecond());
    byte[] mac = HmacKeys.mac(Hmac.Algorithm.SHA256, secret, head(timestamp), request.body());
    return List.of(
        new Header(names.getFirst(), PREFIX + SignatureEncoding.LOWER_HEX.encode(mac)),
        new Header(names.get(1), timestamp));
  }

  private static byte[] head(String timestamp) {
    return ("v0:" + timestamp + ":").getBytes(ISO_8859_1);
  }
}
