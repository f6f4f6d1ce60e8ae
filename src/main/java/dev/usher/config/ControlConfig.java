package dev.usher.config;

/** The management API and the console. */
public record ControlConfig(Listener listener) {}
