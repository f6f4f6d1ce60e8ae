package dev.usher.verify;

import dev.usher.event.SecretKey;
import dev.usher.payload.TopLevelReader;
import dev.usher.verify.SignatureScheme.RequestVerifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Verifiers with keys that nobody knows, one for each scheme: a request to an address that names no
 * source is verified by the scheme that its headers are of, and so costs what a wrong signature
 * costs. What is of no scheme is taken for Mailgun's, which signs inside the body. So is what is of
 * SendGrid's: a public-key signature costs a hundred times as much, and nobody shall have us spend
 * that who does not even know a source's address.
 *
 * <p>Each is made when it is first needed. Not thread-safe: for one event loop.
 */
final class Decoys {
  private final TopLevelReader reader;
  private final Map<String, RequestVerifier> verifiers = new HashMap<>();

  Decoys(TopLevelReader reader) {
    this.reader = reader;
  }

  /** The verifier that costs what the source that the request pretends to know would cost. */
  RequestVerifier of(RequestHeaders headers) {
    SignatureScheme scheme = Schemes.marked(headers);
    return verifiers.computeIfAbsent(scheme.name(), _ -> ready(scheme));
  }

  private RequestVerifier ready(SignatureScheme scheme) {
    SecretKey unknown = new SecretKey(scheme.newSecret(), null);
    // Refused it is anyway; its time must not make that any cheaper.
    return scheme.ready(List.of(unknown), Tolerance.UNLIMITED_OPTIONS, reader);
  }
}
