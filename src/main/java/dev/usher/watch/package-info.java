/** What a node tells about its stores: asked now and then, so that a scrape costs them nothing. */
@NullMarked
package dev.usher.watch;

import org.jspecify.annotations.NullMarked;
