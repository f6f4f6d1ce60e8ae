/** The public door, without a gateway behind it. */
@NullMarked
package dev.usher.ingress;

import org.jspecify.annotations.NullMarked;
