package dev.usher.event;

/**
 * One event that is still owed to one endpoint.
 *
 * @param attempts how many attempts were made before, from 0
 */
public record Delivery(Event event, EndpointId endpoint, int attempts) {}
