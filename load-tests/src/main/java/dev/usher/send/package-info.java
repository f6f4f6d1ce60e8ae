/** Senders that cost little CPU: ready-made requests over plain connections. */
@NullMarked
package dev.usher.send;

import org.jspecify.annotations.NullMarked;
