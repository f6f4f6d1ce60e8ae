/**
 * What may be known about a payload without processing it: whether it is UTF-8, and the few
 * top-level members that verifying needs. Everything by which one reader could see another value
 * than the next is refused here. A leaf: it depends on the JDK only.
 */
@NullMarked
package dev.usher.payload;

import org.jspecify.annotations.NullMarked;
