/**
 * The commands of {@code ./usher}: each reads its arguments, does one thing, and ends with an exit
 * code of 0 (fine), 1 (failed) or 2 (wrong usage or configuration).
 */
@NullMarked
package dev.usher.command;

import org.jspecify.annotations.NullMarked;
