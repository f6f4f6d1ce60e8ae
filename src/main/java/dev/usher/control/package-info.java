/**
 * The management API under {@code /v1}: organizations, sources, endpoints, events and attempts.
 * Read {@link dev.usher.control.ControlApi} first: it holds the table of calls and a call's whole
 * way.
 */
@NullMarked
package dev.usher.control;

import org.jspecify.annotations.NullMarked;
