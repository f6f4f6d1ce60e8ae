/** Tests of the public door. */
@NullMarked
package dev.usher.ingress;

import org.jspecify.annotations.NullMarked;
