package dev.usher.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.PostgresSecrets.LiveSecret;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** What sources and endpoints have in common about their secrets: showing and rotating. */
final class SecretCalls {
  private static final Duration DEFAULT_OVERLAP = Duration.ofHours(24);
  private static final Duration MAX_OVERLAP = Duration.ofDays(7);

  /** Each one that counts costs a signature on every delivery, or a try on every request. */
  private static final int MAX_LIVE = 5;

  private final PostgresSecrets secrets;

  SecretCalls(PostgresSecrets secrets) {
    this.secrets = secrets;
  }

  /** How long the earlier secrets still count: 0 s to 7 days, by default 24 hours. */
  static Duration overlap(Fields fields) {
    Duration given = fields.duration("overlap", Duration.ZERO, MAX_OVERLAP);
    return given == null ? DEFAULT_OVERLAP : given;
  }

  /** Shows the current secret, and when earlier ones expire. */
  Future<Answer> show(OrganizationId organization, UUID owner) {
    return secrets.live(organization, owner).map(SecretCalls::shown);
  }

  private static Answer shown(List<LiveSecret> live) {
    if (live.isEmpty()) {
      return Problem.notFound("secret"); // its owner was deleted just now
    }
    LiveSecret current = live.getFirst();
    ObjectNode json =
        Json.object()
            .put("secret", current.text())
            .put("created_at", Times.text(current.createdAt()));
    ArrayNode expiring = json.putArray("expiring");
    for (LiveSecret earlier : live.subList(1, live.size())) {
      expiring
          .addObject()
          .put("created_at", Times.text(earlier.createdAt()))
          .put("expires_at", Times.textOrNull(earlier.expiresAt()));
    }
    return Reply.ok(json);
  }

  /** Makes {@code secret} the current one of an owner that is locked. */
  Future<Answer> rotate(
      PostgresTransaction transaction,
      OrganizationId organization,
      UUID owner,
      String secret,
      Duration overlap) {
    return secrets
        .expire(transaction, organization, owner, overlap)
        .compose(
            stillLive ->
                stillLive >= MAX_LIVE
                    ? Future.succeededFuture(tooMany())
                    : secrets
                        .add(transaction, organization, owner, secret)
                        .map(v -> Reply.ok(Json.object().put("secret", secret))));
  }

  /** Forgets the secrets of an owner that is gone. */
  Future<Void> forget(PostgresTransaction transaction, OrganizationId organization, UUID owner) {
    return secrets.delete(transaction, organization, owner);
  }

  private static Problem tooMany() {
    return new Problem(
        Problem.Kind.TOO_MANY_SECRETS,
        MAX_LIVE
            + " secrets still count; wait until one has expired, or rotate with \"overlap\": \"0s\""
            + " to end them all");
  }
}
