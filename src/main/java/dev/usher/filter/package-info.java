/**
 * Predicates on payloads, by which an endpoint says which events of its types it wants. A leaf:
 * functions of a body's bytes, without state or I/O, and an index of the endpoints that have one.
 */
@NullMarked
package dev.usher.filter;

import org.jspecify.annotations.NullMarked;
