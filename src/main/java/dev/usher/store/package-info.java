/**
 * The stores that everything else stands on: addresses and pools, the schema's migrations, the data
 * directory, and embedded Postgres and Redis for where none are given.
 */
@NullMarked
package dev.usher.store;

import org.jspecify.annotations.NullMarked;
