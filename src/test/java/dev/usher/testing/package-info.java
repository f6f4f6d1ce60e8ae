/** What tests of all packages share: real stores, child processes. */
@NullMarked
package dev.usher.testing;

import org.jspecify.annotations.NullMarked;
