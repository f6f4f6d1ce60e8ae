/**
 * Usher, a webhook gateway. {@link dev.usher.Gateway} wires the stages together, top to bottom; the
 * packages stand in the order of the data path.
 */
@NullMarked
package dev.usher;

import org.jspecify.annotations.NullMarked;
