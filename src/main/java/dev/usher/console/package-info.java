/** The web pages: endpoints, events and logs in a browser. */
@NullMarked
package dev.usher.console;

import org.jspecify.annotations.NullMarked;
