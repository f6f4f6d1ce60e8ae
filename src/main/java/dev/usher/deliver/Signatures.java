package dev.usher.deliver;

import dev.usher.crypto.ShowpassSigner;
import dev.usher.crypto.StandardWebhooksSigner;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.Event;
import dev.usher.event.SecretKey;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * The signatures of one endpoint, with its keys ready for use.
 *
 * <p>{@code X-SHOWPASS-SIGNATURE} is what Showpass sends: the hex HMAC-SHA1 of the payload's id
 * under the newest key. {@code webhook-signature} follows Standard Webhooks and covers id, time and
 * body, once for each valid key, so that a receiver may change keys in its own time.
 *
 * <p>Not thread-safe: one for each event loop.
 */
final class Signatures {
  private record Signer(SecretKey key, ShowpassSigner showpass, StandardWebhooksSigner standard) {
    static Signer of(SecretKey key) {
      StandardWebhooksSigner standard = StandardWebhooksSigner.of(key.text());
      return new Signer(
          key,
          new ShowpassSigner(key.text()),
          standard != null
              ? standard
              : new StandardWebhooksSigner(key.text().getBytes(StandardCharsets.UTF_8)));
    }
  }

  private final Endpoint.Signature wanted;
  private final List<Signer> signers;

  Signatures(Endpoint endpoint) {
    wanted = endpoint.signature();
    signers = endpoint.keys().stream().map(Signer::of).toList();
  }

  /** Adds the headers that sign {@code delivery} at {@code now}. */
  void sign(Delivery delivery, Instant now, MultiMap headers) {
    Event event = delivery.event();
    if (wanted != Endpoint.Signature.STANDARD_WEBHOOKS) {
      headers.add("X-SHOWPASS-SIGNATURE", signers.getFirst().showpass.sign(event.signedId()));
    }
    if (wanted != Endpoint.Signature.SHOWPASS) {
      String id = event.id().toString();
      long timestamp = now.getEpochSecond();
      headers.add("webhook-id", id);
      headers.add("webhook-timestamp", Long.toString(timestamp));
      headers.add("webhook-signature", standard(id, timestamp, event.body(), now));
    }
  }

  private String standard(String id, long timestamp, byte[] body, Instant now) {
    if (signers.size() == 1) {
      return signers.getFirst().standard.sign(id, timestamp, body);
    }
    StringBuilder signatures = new StringBuilder();
    for (Signer signer : signers) {
      if (signer.key.isValidAt(now)) {
        signatures.append(signatures.isEmpty() ? "" : " ");
        signatures.append(signer.standard.sign(id, timestamp, body));
      }
    }
    return signatures.toString();
  }
}
