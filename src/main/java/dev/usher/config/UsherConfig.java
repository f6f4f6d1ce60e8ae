package dev.usher.config;

import java.time.Duration;
import java.util.List;

/**
 * The whole configuration. A value of this type is complete and free of contradictions: each part
 * checks its own ranges, this record checks what the parts demand of each other.
 */
public record UsherConfig(
    IngressConfig ingress,
    ControlConfig control,
    ManagementConfig management,
    StoreConfig store,
    SecurityConfig security,
    DeliveryConfig delivery,
    JournalConfig journal,
    DedupeConfig dedupe,
    RetentionConfig retention,
    RuntimeConfig runtime,
    LogConfig log,
    TracingConfig tracing) {
  public UsherConfig {
    Limits limits = new Limits();
    apart(limits, "control.port", control.listener(), "ingress.port", ingress.listener());
    apart(limits, "management.port", management.listener(), "ingress.port", ingress.listener());
    apart(limits, "management.port", management.listener(), "control.port", control.listener());
    stores(limits, store, security);
    memory(limits, ingress, journal, delivery);
    times(limits, delivery, dedupe, retention);
    limits.check();
  }

  private static void apart(
      Limits limits, String key, Listener listener, String otherKey, Listener other) {
    limits.that(
        !listener.collidesWith(other),
        List.of(key, otherKey),
        Integer.toString(listener.port()),
        "another port than " + otherKey);
  }

  private static void stores(Limits limits, StoreConfig store, SecurityConfig security) {
    boolean postgres = store.postgresUri() != null;
    boolean redis = !store.redisUris().isEmpty();
    String together = "both postgres.uri and redis.uri, or none of them for the embedded stores";
    limits
        .that(redis || !postgres, "redis.uri", Fault.MISSING, together)
        .that(postgres || !redis, "postgres.uri", Fault.MISSING, together)
        .that(
            !postgres || security.adminKey() != null,
            "admin.key",
            Fault.MISSING,
            SecurityConfig.ADMIN_KEY_EXPECTED + ", because postgres.uri is given")
        .that(
            !postgres || security.masterKey() != null,
            "master.key",
            Fault.MISSING,
            SecurityConfig.MASTER_KEY_EXPECTED + ", because postgres.uri is given");
  }

  // An event that may be received must fit into every buffer it passes, together with its headers.
  private static void memory(
      Limits limits, IngressConfig ingress, JournalConfig journal, DeliveryConfig delivery) {
    int largest = 2 * ingress.bodyLimitBytes();
    String expected = "at least twice ingress.body-limit, " + Sizes.format(largest);
    limits
        .that(
            journal.bufferedBytes() >= largest,
            List.of("journal.buffered-bytes", "ingress.body-limit"),
            Sizes.format(journal.bufferedBytes()),
            expected)
        .that(
            delivery.heldBytes() >= largest,
            List.of("delivery.held-bytes", "ingress.body-limit"),
            Sizes.format(delivery.heldBytes()),
            expected)
        .that(
            journal.bufferedEvents() >= journal.maxEvents(),
            List.of("journal.buffered-events", "journal.max-events"),
            Integer.toString(journal.bufferedEvents()),
            "at least journal.max-events, " + journal.maxEvents());
  }

  private static void times(
      Limits limits, DeliveryConfig delivery, DedupeConfig dedupe, RetentionConfig retention) {
    Duration kept = retention.retention();
    Duration waits = delivery.retrySchedule().stream().reduce(Duration.ZERO, Duration::plus);
    Duration longest = waits.multipliedBy(6).dividedBy(5); // each wait may be 20 % longer
    limits
        .that(
            dedupe.window().compareTo(kept) <= 0,
            List.of("idempotency.window", "retention"),
            Durations.format(dedupe.window()),
            "at most retention, " + Durations.format(kept))
        // A wait that ends after the event was dropped would lose the delivery without a word.
        .that(
            longest.compareTo(kept) <= 0,
            List.of("delivery.retry-schedule", "retention"),
            Durations.format(delivery.retrySchedule()),
            "waits that end within retention, " + Durations.format(kept) + ", each 20 % longer");
  }
}
