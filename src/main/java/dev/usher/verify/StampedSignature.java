package dev.usher.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.usher.crypto.Hmac;
import dev.usher.event.SecretKey;
import dev.usher.verify.SignatureScheme.UnsignedRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A signature whose header lists a time and one or several hexadecimal HMAC-SHA256, of the time and
 * the body: how Stripe and Paddle sign.
 */
record StampedSignature(Shape shape, HmacKeys keys, Tolerance tolerance) {
  /**
   * How a provider writes it.
   *
   * @param separator between the elements of the header
   * @param time the name of the time's element, in seconds since 1970
   * @param signature the name of a signature's element; others do not count
   * @param glue between time and body where they are signed; no digit
   */
  record Shape(String header, char separator, String time, String signature, char glue) {
    private byte[] head(String timestamp) {
      return (timestamp + glue).getBytes(ISO_8859_1);
    }

    List<Header> sign(String secret, UnsignedRequest request) {
      String timestamp = Long.toString(request.timestamp().getEpochSecond());
      byte[] mac = HmacKeys.mac(Hmac.Algorithm.SHA256, secret, head(timestamp), request.body());
      String hex = SignatureEncoding.LOWER_HEX.encode(mac);
      return List.of(
          new Header(header, time + "=" + timestamp + separator + signature + "=" + hex));
    }
  }

  static StampedSignature of(Shape shape, List<SecretKey> keys, Map<String, String> options) {
    return new StampedSignature(shape, HmacKeys.sha256(keys), Tolerance.of(options));
  }

  /**
   * Verifies a request.
   *
   * @param genuine what to say of one that is genuine
   */
  Verification verify(SignedRequest request, Instant now, Supplier<Verification> genuine) {
    return switch (SignatureHeaders.read(request.headers(), List.of(shape.header))) {
      case SignatureHeaders.Unfit(Verification answer) -> answer;
      case SignatureHeaders.Once headers -> {
        NamedValues listed = NamedValues.parse(headers.value(0), shape.separator);
        String timestamp = listed.only(shape.time);
        if (timestamp == null) {
          yield new Verification.Refused(
              "the header " + shape.header + " holds no " + shape.time + ", or several");
        }
        Verification fault = tolerance.fault(shape.header, timestamp, now);
        if (fault != null) {
          yield fault;
        }
        List<String> given = listed.all(shape.signature);
        boolean signed =
            keys.sign(
                now, SignatureEncoding.LOWER_HEX, given, shape.head(timestamp), request.body());
        yield signed ? genuine.get() : keys.refusal(shape.header, request, now);
      }
    };
  }
}
