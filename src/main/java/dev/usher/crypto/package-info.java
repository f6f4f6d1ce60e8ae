/**
 * Keyed MACs, hashes, constant-time comparison, new secrets and their encryption at rest. A leaf:
 * it depends on the JDK and the domain's values only, so that every stage may use it.
 */
@NullMarked
package dev.usher.crypto;

import org.jspecify.annotations.NullMarked;
