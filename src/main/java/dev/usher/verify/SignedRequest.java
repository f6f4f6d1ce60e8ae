package dev.usher.verify;

/**
 * What a signature can cover of a request.
 *
 * @param body the bytes exactly as received, never changed
 * @param url as the sender saw it, for schemes that sign it
 */
public record SignedRequest(RequestHeaders headers, byte[] body, String url) {}
