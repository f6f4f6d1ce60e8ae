package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an organization decides about a source.
 *
 * @param scheme never changes after the creation: the secret and the options belong to it
 * @param allowedNetworks CIDRs as they were given; empty for any
 * @param rateLimit genuine events a second on each node; null for no limit
 */
record SourceSettings(
    String name,
    String scheme,
    Map<String, String> options,
    List<String> allowedNetworks,
    @Nullable Integer rateLimit) {

  /** The settings as a request could have given them: what a patch is put onto. */
  ObjectNode toJson() {
    ObjectNode json = Json.object().put("name", name).put("scheme", scheme);
    json.set("options", Json.texts(options));
    json.set("allowed_networks", Json.texts(allowedNetworks));
    json.put("rate_limit", rateLimit);
    return json;
  }
}
