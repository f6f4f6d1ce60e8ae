/** The receivers of a load test, and the account of what was sent, accepted and received. */
@NullMarked
package dev.usher.receive;

import org.jspecify.annotations.NullMarked;
