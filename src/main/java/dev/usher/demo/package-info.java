/**
 * The main job on one machine with nothing installed: senders and receivers around a real gateway.
 * It uses the gateway from outside only, over HTTP, as everybody else does.
 */
@NullMarked
package dev.usher.demo;

import org.jspecify.annotations.NullMarked;
