/** Remembers which idempotency keys were committed, to answer a repeated event at once. */
@NullMarked
package dev.usher.dedupe;

import org.jspecify.annotations.NullMarked;
