package dev.usher.control;

/** What a call is answered with. */
sealed interface Answer permits Reply, Problem {}
