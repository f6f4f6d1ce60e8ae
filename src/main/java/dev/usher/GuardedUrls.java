package dev.usher;

import dev.usher.control.EndpointUrlPolicy;
import dev.usher.deliver.AddressGuard;
import io.vertx.core.Future;
import java.net.URI;
import java.util.Optional;

/** What the address guard says of an endpoint's URL, as the management API asks it. */
record GuardedUrls(AddressGuard guard) implements EndpointUrlPolicy {
  @Override
  public Optional<String> fault(URI url) {
    return guard.fault(url);
  }

  @Override
  public Future<Optional<String>> faultNow(URI url) {
    return guard.faultNow(url);
  }
}
