/** The gateway as a whole, from outside. */
@NullMarked
package dev.usher;

import org.jspecify.annotations.NullMarked;
