package dev.usher;

import dev.usher.control.SchemeCatalogue;
import dev.usher.crypto.SecretTokens;
import dev.usher.verify.Schemes;
import dev.usher.verify.SignatureScheme;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The schemes of {@code verify}, as the management API offers them. */
final class KnownSchemes implements SchemeCatalogue {
  private final Set<String> names = new LinkedHashSet<>(Schemes.names());

  @Override
  public Set<String> names() {
    return names;
  }

  @Override
  public List<String> faults(String name, Map<String, String> options, @Nullable String secret) {
    SignatureScheme scheme = Schemes.find(name);
    if (scheme == null) {
      return List.of("scheme: expected one of " + String.join(", ", names));
    }
    List<String> faults = new ArrayList<>(scheme.optionFaults(options));
    if (secret != null) {
      faults.addAll(scheme.secretFaults(secret));
    }
    return faults;
  }

  @Override
  public String newSecret(String scheme) {
    SignatureScheme known = Schemes.find(scheme);
    return known == null ? SecretTokens.webhookSecret() : known.newSecret();
  }
}
