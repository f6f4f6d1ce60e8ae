/** JMH benchmarks of what the gateway does for each event, each by itself. */
@NullMarked
package dev.usher.jmh;

import org.jspecify.annotations.NullMarked;
