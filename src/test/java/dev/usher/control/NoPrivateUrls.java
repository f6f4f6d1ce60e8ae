package dev.usher.control;

import java.net.URI;
import java.util.Optional;

/** Allows https to everywhere but 10.0.0.1, and http to 127.0.0.1. */
final class NoPrivateUrls implements EndpointUrlPolicy {
  @Override
  public Optional<String> fault(URI url) {
    if (url.getHost().equals("10.0.0.1")) {
      return Optional.of("expected a public address");
    }
    return url.getScheme().equals("https") || url.getHost().equals("127.0.0.1")
        ? Optional.empty()
        : Optional.of("https");
  }
}
