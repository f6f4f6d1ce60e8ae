package dev.usher.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Two schemes: one without options, one with a tolerance and secrets that begin with whsec_. */
final class SomeSchemes implements SchemeCatalogue {
  @Override
  public Set<String> names() {
    return Set.of("showpass", "standard-webhooks");
  }

  @Override
  public List<String> faults(String scheme, Map<String, String> options, @Nullable String secret) {
    List<String> faults = new ArrayList<>();
    options.keySet().stream()
        .filter(name -> scheme.equals("showpass") || !name.equals("tolerance"))
        .forEach(name -> faults.add("options." + name + ": unknown; expected none"));
    if (scheme.equals("standard-webhooks") && secret != null && !secret.startsWith("whsec_")) {
      faults.add("secret: whsec_ and base64");
    }
    return faults;
  }

  @Override
  public String newSecret(String scheme) {
    return (scheme.equals("showpass") ? "" : "whsec_") + UUID.randomUUID();
  }
}
