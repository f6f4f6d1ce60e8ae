package dev.usher.event;

/**
 * One event that is still owed to one endpoint.
 *
 * @param attempts how many attempts were made before, from 0
 * @param lease the number of the lease under which it was taken on, from 1; 0 where it is in no
 *     table. Only under this number can it be settled or given back: whoever holds it under another
 *     has taken it over
 */
public record Delivery(Event event, EndpointId endpoint, int attempts, int lease) {}
