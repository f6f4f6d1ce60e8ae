/**
 * Whether a request comes from the sender it claims, and which event it carries. A signature scheme
 * is one file; {@link dev.usher.verify.Verifier} applies a source's scheme with the source's keys.
 */
@NullMarked
package dev.usher.verify;

import org.jspecify.annotations.NullMarked;
