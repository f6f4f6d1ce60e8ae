package dev.usher.verify;

import dev.usher.crypto.SecretTokens;
import dev.usher.event.SecretKey;
import dev.usher.payload.TopLevelReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One way in which senders sign their requests. Holds no state; thread-safe.
 *
 * <p>Secrets and options are checked when a source is created or changed, by {@link #secretFaults}
 * and {@link #optionFaults}; the other methods may rely on it.
 */
public interface SignatureScheme {
  /** The name by which sources choose it, for example {@code showpass}. */
  String name();

  /**
   * Why {@code secret} cannot be a key of this scheme, all reasons at once; empty where it can. A
   * reason never quotes the secret.
   */
  List<String> secretFaults(String secret);

  /**
   * What is wrong with a source's options, all at once; empty where nothing is. Each fault names
   * the option, its value and what was expected.
   */
  List<String> optionFaults(Map<String, String> options);

  /** A new secret in the form that the scheme's senders use. */
  default String newSecret() {
    return SecretTokens.webhookSecret(); // good in every scheme that takes any text, too
  }

  /**
   * Headers of which a request of this scheme has at least one, so that it can be told from those
   * of other schemes; empty where nothing tells it.
   */
  default List<String> marks() {
    return List.of();
  }

  /**
   * Readies the verifying of one source's requests.
   *
   * @param keys the source's keys, with the times at which they expire
   * @param reader the event loop's
   * @return not thread-safe: for the loop of {@code reader} only
   */
  RequestVerifier ready(List<SecretKey> keys, Map<String, String> options, TopLevelReader reader);

  /**
   * The headers that a sender adds to a request, in the order in which one reads them.
   *
   * @throws IllegalArgumentException saying what is missing, where the request cannot be signed
   */
  List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request);

  /** Why {@code secret} cannot sign, where that takes another secret than verifying does. */
  default List<String> signingSecretFaults(String secret) {
    return secretFaults(secret);
  }

  /**
   * The body as a sender sends it: another one for schemes that sign inside it.
   *
   * @throws IllegalArgumentException saying what is wrong, where the body cannot be signed
   */
  default byte[] signedBody(String secret, Map<String, String> options, UnsignedRequest request) {
    return request.body();
  }

  /** Whether the scheme's senders send bodies of this type. Absent is not another type. */
  default boolean acceptsContentType(@Nullable String contentType) {
    return JsonContentType.matches(contentType);
  }

  /** Verifies the requests of one source. Not thread-safe. */
  @FunctionalInterface
  interface RequestVerifier {
    /** Decides about a request that came in {@code now}. */
    Verification verify(SignedRequest request, Instant now);
  }

  /**
   * What is to be signed.
   *
   * @param id what the scheme signs as the event's id; null to take it from the body or make one up
   * @param timestamp when it is sent; read to the second
   * @param url to which it is sent, for schemes that sign it; empty where it is not known
   * @param type the event's type, for schemes that put it into a header; null for the scheme's own
   *     example
   */
  record UnsignedRequest(
      byte[] body, @Nullable String id, Instant timestamp, String url, @Nullable String type) {}
}
