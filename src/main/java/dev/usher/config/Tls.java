package dev.usher.config;

import java.nio.file.Path;

/**
 * A listener's certificate and key, both PEM files.
 *
 * @param certificate the certificate, followed by its intermediate ones
 * @param key the certificate's private key, not encrypted
 */
public record Tls(Path certificate, Path key) {}
