/** A few seconds of each load test against gateways of its own, for every build. */
@NullMarked
package dev.usher.smoke;

import org.jspecify.annotations.NullMarked;
