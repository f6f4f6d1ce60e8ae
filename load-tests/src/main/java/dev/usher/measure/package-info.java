/** What senders and receivers of the load tests have in common: numbered events and their times. */
@NullMarked
package dev.usher.measure;

import org.jspecify.annotations.NullMarked;
