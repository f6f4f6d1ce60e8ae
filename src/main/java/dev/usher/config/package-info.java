/**
 * What an operator may set, as values that cannot be wrong: read once, before anything starts, from
 * the environment and {@code usher.yaml}. Every limit has a default and a range here.
 */
@NullMarked
package dev.usher.config;

import org.jspecify.annotations.NullMarked;
