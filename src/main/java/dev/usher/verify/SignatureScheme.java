package dev.usher.verify;

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
   * @param url to which it is sent, for schemes that sign it
   */
  record UnsignedRequest(byte[] body, @Nullable String id, Instant timestamp, String url) {}
}
