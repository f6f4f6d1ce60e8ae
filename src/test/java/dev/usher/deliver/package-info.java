/** Delivery, part by part. */
@NullMarked
package dev.usher.deliver;

import org.jspecify.annotations.NullMarked;
