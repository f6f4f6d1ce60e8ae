package dev.usher.event;

import org.jspecify.annotations.Nullable;

/**
 * How TLS connections to one endpoint differ from others; all as PEM.
 *
 * @param ca certificates that are trusted besides the usual ones; null for none
 * @param certificate what we show to the endpoint, the chain from our own certificate up; null for
 *     nothing
 * @param key the private key of {@code certificate}, PKCS #8; null exactly where that is null
 */
public record ClientTls(@Nullable String ca, @Nullable String certificate, @Nullable String key) {

  /** Without the key. */
  @Override
  public String toString() {
    return "ClientTls[ca=" + (ca != null) + ", certificate=" + (certificate != null) + "]";
  }
}
