@NullMarked
package dev.usher.control;

import org.jspecify.annotations.NullMarked;
