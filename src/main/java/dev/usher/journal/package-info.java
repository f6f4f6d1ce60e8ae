/** Writes events down in batches before anybody is told yes, and logs what became of them. */
@NullMarked
package dev.usher.journal;

import org.jspecify.annotations.NullMarked;
