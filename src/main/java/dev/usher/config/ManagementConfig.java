package dev.usher.config;

/** Metrics and health checks, for the operator's own network: always plain HTTP. */
public record ManagementConfig(Listener listener) {}
