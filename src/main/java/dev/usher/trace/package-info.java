/**
 * Traces: what happens to an event from its acceptance to its last attempt, as spans for a
 * collector (OpenTelemetry).
 *
 * <p>The management API and its questions to Postgres are traced by Vert.x. The data path is not:
 * Vert.x begins a span with a request's head, before it is known who asks, so that strangers could
 * fill the collector; it writes down addresses with all that they hold; and it hands traces on by
 * the context that something happens to run in, which for a batch, a retry or a restart is the
 * wrong one. So the data path makes its spans here, and an event carries its trace in its kept
 * headers, like any other that its sender gave it.
 *
 * <p>Nothing of OpenTelemetry is loaded while tracing is off.
 */
@NullMarked
package dev.usher.trace;

import org.jspecify.annotations.NullMarked;
