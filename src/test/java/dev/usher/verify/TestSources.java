package dev.usher.verify;

import dev.usher.event.OrganizationId;
import dev.usher.event.SecretKey;
import dev.usher.event.Source;
import dev.usher.event.SourceId;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Sources for tests of verifying. */
final class TestSources {
  private TestSources() {}

  static Source of(String scheme, String secret, Map<String, String> options) {
    return of(scheme, List.of(new SecretKey(secret, null)), options, 1);
  }

  static Source of(
      String scheme, List<SecretKey> keys, Map<String, String> options, long revision) {
    return new Source(
        new SourceId(new UUID(0, 1)),
        new OrganizationId(new UUID(0, 2)),
        "a source",
        scheme,
        keys,
        options,
        List.of(),
        null,
        revision);
  }
}
