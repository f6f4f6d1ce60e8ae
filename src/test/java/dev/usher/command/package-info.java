/** The command line. */
@NullMarked
package dev.usher.command;

import org.jspecify.annotations.NullMarked;
