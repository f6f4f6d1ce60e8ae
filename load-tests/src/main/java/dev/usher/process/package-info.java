/** Child processes of the load tests, and what Linux tells about them in {@code /proc}. */
@NullMarked
package dev.usher.process;

import org.jspecify.annotations.NullMarked;
