/** Tests of what a node tells about its stores. */
@NullMarked
package dev.usher.watch;

import org.jspecify.annotations.NullMarked;
