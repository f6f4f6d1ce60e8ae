/** Decides which due deliveries this node works on: leases, room, and what waits in the table. */
@NullMarked
package dev.usher.dispatch;

import org.jspecify.annotations.NullMarked;
