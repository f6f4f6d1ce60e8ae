@NullMarked
package dev.usher.event;

import org.jspecify.annotations.NullMarked;
