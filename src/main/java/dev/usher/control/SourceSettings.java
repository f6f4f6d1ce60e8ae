package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * What an organization decides about a source.
 *
 * @param scheme never changes after the creation: the secret and the options belong to it
 * @param allowedNetworks CIDRs as they were given; empty for any
 */
record SourceSettings(
    String name, String scheme, Map<String, String> options, List<String> allowedNetworks) {

  /** The settings as a request could have given them: what a patch is put onto. */
  ObjectNode toJson() {
    ObjectNode json = Json.object().put("name", name).put("scheme", scheme);
    json.set("options", Json.texts(options));
    json.set("allowed_networks", Json.texts(allowedNetworks));
    return json;
  }
}
