/** What the doors to strangers have in common: how a connection ends, and whose it is. */
@NullMarked
package dev.usher.door;

import org.jspecify.annotations.NullMarked;
