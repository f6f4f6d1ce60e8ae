/**
 * Sources and endpoints in memory, because every request needs one and must not wait for the
 * database; a change reaches all nodes within a second.
 */
@NullMarked
package dev.usher.registry;

import org.jspecify.annotations.NullMarked;
