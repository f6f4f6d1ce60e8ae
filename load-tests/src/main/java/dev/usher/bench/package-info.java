/** Usher beside bare Vert.x servers that do the least that could be done, in one run. */
@NullMarked
package dev.usher.bench;

import org.jspecify.annotations.NullMarked;
