package dev.usher.verify;

import dev.usher.event.SecretKey;
import dev.usher.payload.PathReader;
import dev.usher.payload.PathValues;
import dev.usher.payload.TopLevelReader;
import java.util.List;
import java.util.Map;

/**
 * Stripe (docs.stripe.com/webhooks, "Verify webhook signatures manually"): {@code Stripe-Signature}
 * holds a time {@code t} and one or several {@code v1}, each the hexadecimal HMAC-SHA256 of <code>
 * {t}.{body}</code> under the endpoint's signing secret as it is shown, {@code whsec_} included.
 * The idempotency key is the body's {@code id}, the type its {@code type}.
 *
 * <p>Option: {@code tolerance}.
 */
final class StripeScheme implements SignatureScheme {
  private static final StampedSignature.Shape SIGNATURE =
      new StampedSignature.Shape("Stripe-Signature", ',', "t", "v1", '.');
  private static final Credentials SECRET =
      Credentials.of(
          "the signing secret of the webhook's endpoint, which begins with whsec_",
          "sk_",
          "rk_",
          "pk_");
  private static final String ID = "id";
  private static final String TYPE = "type";

  /** Counts who has not answered yet, and so may change from try to try. */
  private static final String PENDING = "pending_webhooks";

  private static final List<String> PATHS = List.of(ID, TYPE, PENDING);

  @Override
  public String name() {
    return "stripe";
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
              Field.ofMember(ID, found.member(ID)),
              Field.ofMember(TYPE, found.member(TYPE)),
              found.member(ID),
              found.without(PENDING));
    };
  }

  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    return SIGNATURE.sign(secret, request);
  }
}
