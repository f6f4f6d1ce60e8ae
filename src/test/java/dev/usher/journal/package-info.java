/** The journal on real Postgres. */
@NullMarked
package dev.usher.journal;

import org.jspecify.annotations.NullMarked;
