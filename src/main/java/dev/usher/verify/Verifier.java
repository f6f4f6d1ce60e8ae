package dev.usher.verify;

import dev.usher.event.SecretKey;
import dev.usher.event.Source;
import dev.usher.event.SourceId;
import dev.usher.payload.TopLevelReader;
import dev.usher.verify.SignatureScheme.RequestVerifier;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Verifies requests by their source's scheme and keys.
 *
 * <p>Keeps what it has readied for a source (keyed MACs, about 2 KB a key) until the source changes
 * or {@link #SOURCES_KEPT} others were used since.
 *
 * <p>Not thread-safe: one for each event loop.
 */
public final class Verifier {
  static final int SOURCES_KEPT = 4_096;

  private record Readied(long revision, RequestVerifier verifier) {}

  private final TopLevelReader reader = new TopLevelReader();
  private final Map<SourceId, Readied> readied =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<SourceId, Readied> eldest) {
          return size() > SOURCES_KEPT;
        }
      };

  private final Decoys decoys = new Decoys(reader);

  /** Decides about a request to {@code source} that came in {@code now}. */
  public Verification verify(Source source, SignedRequest request, Instant now) {
    Readied kept = readied.get(source.id());
    if (kept == null || kept.revision != source.revision()) {
      kept = new Readied(source.revision(), ready(source));
      readied.put(source.id(), kept);
    }
    return kept.verifier.verify(request, now);
  }

  /**
   * Refuses a request whose address names no source, at the cost of one with a wrong signature: it
   * is verified with a key that nobody knows, by the scheme that its headers are of.
   */
  public Verification verifyUnknown(SignedRequest request) {
    decoys.of(request.headers()).verify(request, Instant.EPOCH);
    return new Verification.Refused("no such source");
  }

  /**
   * Whether the senders of a source's scheme send bodies of this type; null where none is named.
   */
  public boolean acceptsContentType(Source source, @Nullable String contentType) {
    SignatureScheme scheme = Schemes.find(source.scheme());
    return scheme == null || scheme.acceptsContentType(contentType); // unknown: verify refuses it
  }

  /** How many sources are kept ready. */
  int kept() {
    return readied.size();
  }

  /**
   * A source that was stored by a newer version, or changed by hand, can have a scheme, options or
   * keys that do not fit. It refuses its requests and says why, to its operator.
   */
  private RequestVerifier ready(Source source) {
    SignatureScheme scheme = Schemes.find(source.scheme());
    if (scheme == null) {
      return refusing("the scheme '" + source.scheme() + "' is unknown here");
    }
    List<String> optionFaults = scheme.optionFaults(source.options());
    if (!optionFaults.isEmpty()) {
      return refusing(String.join("; ", optionFaults));
    }
    List<SecretKey> usable =
        source.keys().stream().filter(key -> scheme.secretFaults(key.text()).isEmpty()).toList();
    return usable.isEmpty()
        ? refusing("none of the source's keys fits the scheme")
        : scheme.ready(usable, source.options(), reader);
  }

  private static RequestVerifier refusing(String why) {
    Verification refused = new Verification.Refused("the source cannot verify: " + why);
    return (_, _) -> refused;
  }
}
