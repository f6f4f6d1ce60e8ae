/** What holds for all of the code, whatever it does: who may know whom, and how it is written. */
@NullMarked
package dev.usher.architecture;

import org.jspecify.annotations.NullMarked;
