/** The console in a real browser. */
@NullMarked
package dev.usher.console;

import org.jspecify.annotations.NullMarked;
