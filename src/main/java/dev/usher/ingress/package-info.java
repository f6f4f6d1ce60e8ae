/** The public door: takes a request, decides its fate, and answers exactly once. */
@NullMarked
package dev.usher.ingress;

import org.jspecify.annotations.NullMarked;
