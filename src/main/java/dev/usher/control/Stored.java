package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/** A source or an endpoint as it is kept, without its secrets. */
interface Stored {
  UUID uuid();

  /** How it is shown. */
  ObjectNode toJson();
}
