package dev.usher.verify;

import dev.usher.verify.SignatureScheme.UnsignedRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The signature schemes that sources can choose. */
public final class Schemes {
  private static final SignatureScheme MAILGUN = new MailgunScheme();

  /** The ones that carry most traffic come first: requests look their scheme up here. */
  private static final List<SignatureScheme> ALL =
      List.of(
          new ShowpassScheme(),
          new StandardWebhooksScheme(),
          new HmacScheme(),
          new StripeScheme(),
          new GitHubScheme(),
          new ShopifyScheme(),
          new SlackScheme(),
          new TwilioScheme(),
          new SquareScheme(),
          new PagerDutyScheme(),
          new ZoomScheme(),
          new PaddleScheme(),
          MAILGUN,
          new LinearScheme(),
          new SendGridScheme());

  private Schemes() {}

  /** The names of all schemes. */
  public static List<String> names() {
    return ALL.stream().map(SignatureScheme::name).toList();
  }

  /** The scheme called {@code name}, or null where there is none. */
  public static @Nullable SignatureScheme find(String name) {
    for (SignatureScheme scheme : ALL) {
      if (scheme.name().equals(name)) {
        return scheme;
      }
    }
    return null;
  }

  /**
   * The scheme that a request's headers are of: Mailgun's, which has none, where they are of none.
   */
  static SignatureScheme marked(RequestHeaders headers) {
    for (SignatureScheme scheme : ALL) {
      for (String mark : scheme.marks()) {
        if (!headers.all(mark).isEmpty()) {
          return scheme;
        }
      }
    }
    return MAILGUN;
  }

  /**
   * What is wrong with a source that is to be created or changed, all at once: each fault begins
   * with the field ({@code scheme}, {@code secret}, {@code options.header}) and says what was
   * expected. The secret is never quoted.
   */
  public static List<String> faults(String name, String secret, Map<String, String> options) {
    SignatureScheme scheme = find(name);
    if (scheme == null) {
      return List.of(
          "scheme: '%s'; expected one of %s".formatted(name, String.join(", ", names())));
    }
    List<String> faults = new ArrayList<>(scheme.secretFaults(secret));
    faults.addAll(scheme.optionFaults(options));
    return faults;
  }

  /**
   * The headers that a sender adds to a request, in the order in which one reads them.
   *
   * @param id what the scheme signs as the event's id; null to take it from the body or make one up
   * @throws IllegalArgumentException naming all faults of scheme, secret and options, or what the
   *     body lacks
   */
  public static List<Header> sign(
      String name,
      String secret,
      Map<String, String> options,
      byte[] body,
      @Nullable String id,
      Instant timestamp) {
    var request = new UnsignedRequest(body, id, timestamp, "", null);
    return signing(name, secret, options).sign(secret, options, request);
  }

  /**
   * The scheme called {@code name}, to sign with.
   *
   * @throws IllegalArgumentException naming all faults of scheme, secret and options
   */
  public static SignatureScheme signing(String name, String secret, Map<String, String> options) {
    SignatureScheme scheme = find(name);
    List<String> faults = signingFaults(name, secret, options);
    if (scheme == null || !faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return scheme;
  }

  /** {@link #faults} of a secret to sign with, which for some schemes is another one. */
  public static List<String> signingFaults(
      String name, String secret, Map<String, String> options) {
    SignatureScheme scheme = find(name);
    if (scheme == null) {
      return faults(name, secret, options);
    }
    List<String> faults = new ArrayList<>(scheme.signingSecretFaults(secret));
    faults.addAll(scheme.optionFaults(options));
    return faults;
  }
}
