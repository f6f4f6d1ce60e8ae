/**
 * The words of the domain as plain values: what is received, kept and delivered. Depends on the JDK
 * only, so that every stage can speak them.
 */
@NullMarked
package dev.usher.event;

import org.jspecify.annotations.NullMarked;
