package dev.usher.verify;

import dev.usher.event.SecretKey;
import dev.usher.payload.PathReader;
import dev.usher.payload.PathValues;
import dev.usher.payload.TopLevelReader;
import java.util.List;
import java.util.Map;

/**
 * Paddle Billing (developer.paddle.com/webhooks/signature-verification): {@code Paddle-Signature}
 * holds a time {@code ts} and one or, while a secret is rotated, several {@code h1}, each the
 * hexadecimal HMAC-SHA256 of <code>{ts}:{body}</code> under the destination's secret key. The
 * idempotency key is the body's {@code event_id}, the type its {@code event_type}.
 *
 * <p>Option: {@code tolerance}.
 */
final class PaddleScheme implements SignatureScheme {
  private static final StampedSignature.Shape SIGNATURE =
      new StampedSignature.Shape("Paddle-Signature", ';', "ts", "h1", ':');
  private static final Credentials SECRET =
      Credentials.of(
          "the secret key of the notification destination, which begins with pdl_ntfset_",
          "pdl_live_",
          "pdl_sdbx_");
  private static final String KEY = "event_id";
  private static final String TYPE = "event_type";

  /** Another one when somebody replays the notification of an event. */
  private static final String NOTIFICATION = "notification_id";

  private static final String ID = "id";
  private static final List<String> PATHS = List.of(KEY, TYPE, NOTIFICATION, ID);

  @Override
  public String name() {
    return "paddle";
  }

  @Override
  public List<String> marks() {
    return List.of(SIGNATURE.header());
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
    StampedSignature signature = StampedSignature.of(SIGNATURE, keys, options);
    PathReader reader = new PathReader(topLevel);
    return (request, now) ->
        signature.verify(request, now, () -> event(reader.read(request.body(), PATHS)));
  }

  private static Verification event(PathValues body) {
    return switch (body) {
      case PathValues.Malformed(String detail) -> new Verification.Malformed(detail);
      case PathValues.Found found ->
          Field.event(
              Field.ofMember(KEY, found.member(KEY)),
              Field.ofMember(TYPE, found.member(TYPE)),
              found.member(ID),
              found.without(NOTIFICATION));
    };
  }

  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    return SIGNATURE.sign(secret, request);
  }
}
