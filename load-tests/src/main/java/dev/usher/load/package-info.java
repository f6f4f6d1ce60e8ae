/** What the load tests send: signed sample events, and the organization that they send them to. */
@NullMarked
package dev.usher.load;

import org.jspecify.annotations.NullMarked;
