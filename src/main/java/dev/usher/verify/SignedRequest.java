package dev.usher.verify;

import java.util.function.Supplier;

/**
 * What a signature can cover of a request.
 *
 * @param body the bytes exactly as received, never changed
 * @param url as the sender saw it, with the query; asked for by schemes that sign it
 */
public record SignedRequest(RequestHeaders headers, byte[] body, Supplier<String> url) {}
