/** Signs, checks the address, posts, and decides what a failure means. */
@NullMarked
package dev.usher.deliver;

import org.jspecify.annotations.NullMarked;
