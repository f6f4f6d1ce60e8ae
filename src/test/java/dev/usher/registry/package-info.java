@NullMarked
package dev.usher.registry;

import org.jspecify.annotations.NullMarked;
