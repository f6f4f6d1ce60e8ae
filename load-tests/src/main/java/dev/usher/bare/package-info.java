/**
 * Servers on plain Vert.x, each a process of its own: what Usher is compared with, and the receiver
 * that it delivers to.
 */
@NullMarked
package dev.usher.bare;

import org.jspecify.annotations.NullMarked;
