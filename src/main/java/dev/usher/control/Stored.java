package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/** A source or an endpoint as it is kept, without its secrets. */
interface Stored {
  UUID uuid();

  /** Grows with every change, also of the secrets. */
  long revision();

  /** The revision as an entity tag (RFC 9110, section 8.8.3). */
  default String etag() {
    return "\"" + revision() + "\"";
  }

  /** How it is shown. */
  ObjectNode toJson();
}
