/** Measures how delivery holds: take-over, fairness, memory, recovery of an endpoint, rates. */
@NullMarked
package dev.usher.delivery;

import org.jspecify.annotations.NullMarked;
