package dev.usher.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.Network;
import dev.usher.event.SecretKey;
import dev.usher.event.Source;
import dev.usher.event.SourceId;
import dev.usher.event.UuidV7;
import dev.usher.store.PostgresPools;
import dev.usher.store.PostgresUri;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EmbeddedStoresExtension.class)
class PostgresRegistryIT {
  /** What the design promises: a change reaches every node within a second. */
  private static final Duration PROMISED = Duration.ofSeconds(1);

  private static final Duration AFTER_AN_OUTAGE = Duration.ofSeconds(15);
  private static final String MASTER_KEY = "test";

  private final TestStores stores;
  private final Vertx vertx = Vertx.vertx();
  private final List<PostgresRegistry> started = new ArrayList<>();
  private final UUID organization = UUID.randomUUID();

  PostgresRegistryIT(TestStores stores) {
    this.stores = stores;
  }

  @AfterEach
  void close() {
    started.forEach(registry -> get(registry.stop()));
    get(vertx.close());
  }

  @Test
  void whatIsThereIsKnownWhenItHasStarted() {
    UUID source = insertSource("{\"tolerance\": \"5m\"}", "'{10.0.0.0/8,2001:db8::/32}'", "first");
    UUID endpoint = insertEndpoint("https://example.com/hook", "whsec_1");
    PostgresRegistry registry = start();

    Source found = Objects.requireNonNull(registry.find(new SourceId(source).toString()));
    assertThat(found.id().value()).isEqualTo(source);
    assertThat(found.organization().value()).isEqualTo(organization);
    assertThat(found.scheme()).isEqualTo("showpass");
    assertThat(found.options()).containsExactly(java.util.Map.entry("tolerance", "5m"));
    assertThat(found.allowedNetworks())
        .containsExactly(Network.parse("10.0.0.0/8"), Network.parse("2001:db8::/32"));
    assertThat(found.keys()).containsExactly(new SecretKey("first", null));

    Endpoint there = Objects.requireNonNull(registry.find(new EndpointId(endpoint)));
    assertThat(there.url()).isEqualTo(URI.create("https://example.com/hook"));
    assertThat(there.events()).containsExactly("invoice.*", "webhook.test");
    assertThat(there.status()).isEqualTo(Endpoint.Status.ACTIVE);
    assertThat(there.signature()).isEqualTo(Endpoint.Signature.STANDARD_WEBHOOKS);
    assertThat(there.headers()).containsEntry("x-team", "box office");
    assertThat(there.timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(there.retrySchedule()).containsExactly(Duration.ofSeconds(5), Duration.ofMinutes(5));
    assertThat(there.concurrency()).isNull();
    assertThat(there.rateLimit()).isEqualTo(7);
    assertThat(there.ordered()).isTrue();
    assertThat(registry.all()).contains(there);
  }

  @Test
  void unknownAndMisspeltIdsFindNothing() {
    PostgresRegistry registry = start();
    assertThat(registry.find(new SourceId(UUID.randomUUID()).toString())).isNull();
    assertThat(registry.find("")).isNull();
    assertThat(registry.find("src_../../etc/passwd")).isNull();
    assertThat(registry.find(new EndpointId(UUID.randomUUID()))).isNull();
  }

  @Test
  void aChangeIsSeenOnEveryNodeWithinASecond() {
    List<PostgresRegistry> nodes = List.of(start(), start());
    UUID source = insertSource("{}", "'{}'", "key");
    UUID endpoint = insertEndpoint("https://example.com/1", "key");
    for (PostgresRegistry node : nodes) {
      await()
          .atMost(PROMISED)
          .until(() -> node.find(text(source)) != null && find(node, endpoint) != null);
    }
    sql("UPDATE sources SET name = 'renamed' WHERE id = ?", source);
    sql(
        "UPDATE endpoints SET status = 'paused', url = 'https://example.com/2' WHERE id = ?",
        endpoint);
    for (PostgresRegistry node : nodes) {
      await()
          .atMost(PROMISED)
          .untilAsserted(
              () -> {
                assertThat(node.find(text(source)))
                    .extracting(found -> found == null ? null : found.name())
                    .isEqualTo("renamed");
                assertThat(find(node, endpoint))
                    .matches(found -> found != null && !found.isActive())
                    .matches(found -> found != null && found.url().getPath().equals("/2"));
              });
    }
  }

  @Test
  void aRotatedSecretIsAddedInFrontAndAnExpiredOneLeft() {
    PostgresRegistry registry = start();
    UUID source = insertSource("{}", "'{}'", "old");
    sql(
        "UPDATE secrets SET expires_at = now() + interval '1 day', created_at = now() - interval '1"
            + " h' WHERE owner_id = ?",
        source);
    insertSecret(source, "new");
    UUID expired = insertSecret(source, "expired");
    sql("UPDATE secrets SET expires_at = now() - interval '1 second' WHERE id = ?", expired);
    sql("UPDATE sources SET name = name WHERE id = ?", source);
    await()
        .atMost(PROMISED)
        .untilAsserted(
            () ->
                assertThat(keys(registry, source))
                    .extracting(SecretKey::text)
                    .containsExactly("new", "old"));
    assertThat(keys(registry, source).getFirst().expiresAt()).isNull();
    assertThat(keys(registry, source).getLast().expiresAt()).isNotNull();
  }

  @Test
  void whatIsDeletedDisappears() {
    UUID source = insertSource("{}", "'{}'", "key");
    UUID endpoint = insertEndpoint("https://example.com/", "key");
    PostgresRegistry registry = start();
    List<EndpointId> removed = new CopyOnWriteArrayList<>();
    registry.onRemoval(removed::add);
    assertThat(registry.find(text(source))).isNotNull();
    sql("UPDATE sources SET deleted_at = now() WHERE id = ?", source);
    sql("UPDATE endpoints SET deleted_at = now() WHERE id = ?", endpoint);
    await()
        .atMost(PROMISED)
        .until(() -> registry.find(text(source)) == null && find(registry, endpoint) == null);
    assertThat(removed).containsExactly(new EndpointId(endpoint));
    assertThat(start().find(text(source))).isNull();
  }

  @Test
  void aRowThatCannotBeReadIsLeftOutAndHurtsNoOther() {
    UUID good = insertSource("{}", "'{}'", "key");
    UUID badOptions = insertSource("[1]", "'{}'", "key");
    UUID badNetwork = insertSource("{}", "'{10.0.0.1/8}'", "key");
    UUID noSecret = insertSource("{}", "'{}'", null);
    UUID badSecret = insertSource("{}", "'{}'", "key");
    sql("UPDATE secrets SET master_key_id = 'lost' WHERE owner_id = ?", badSecret);
    UUID badUrl = insertEndpoint("https://exa mple.com/", "key");
    UUID goodEndpoint = insertEndpoint("https://example.com/", "key");
    PostgresRegistry registry = start();
    assertThat(registry.find(text(good))).isNotNull();
    assertThat(find(registry, goodEndpoint)).isNotNull();
    for (UUID bad : List.of(badOptions, badNetwork, noSecret, badSecret)) {
      assertThat(registry.find(text(bad))).isNull();
    }
    assertThat(find(registry, badUrl)).isNull();

    sql("UPDATE sources SET options = '{}' WHERE id = ?", badOptions); // mended
    sql("UPDATE sources SET options = '{\"n\": 1}' WHERE id = ?", good); // broken
    await()
        .atMost(PROMISED)
        .until(() -> registry.find(text(badOptions)) != null && registry.find(text(good)) == null);
  }

  @Test
  void whilePostgresIsAwayAllStaysAndAfterwardsChangesFlowAgain() {
    UUID source = insertSource("{}", "'{}'", "key");
    List<PostgresRegistry> nodes = List.of(start(), start());
    stores.killPostgres();
    for (PostgresRegistry node : nodes) {
      assertThat(node.find(text(source))).isNotNull();
    }
    stores.startPostgres();
    sql("UPDATE sources SET name = 'while nobody listened' WHERE id = ?", source);
    for (PostgresRegistry node : nodes) {
      await().atMost(AFTER_AN_OUTAGE).until(() -> isNamed(node, source, "while nobody listened"));
      await().atMost(AFTER_AN_OUTAGE).until(this::bothListen);
    }
    sql("UPDATE sources SET name = 'afterwards' WHERE id = ?", source);
    for (PostgresRegistry node : nodes) {
      await().atMost(PROMISED).until(() -> isNamed(node, source, "afterwards"));
    }
  }

  @Test
  void aChangeThatNobodyAnnouncedIsFoundByLooking() {
    UUID source = insertSource("{}", "'{}'", "key");
    PostgresRegistry registry = start();
    updateQuietly("sources SET name = 'quiet'", source);
    await().atMost(Duration.ofSeconds(10)).until(() -> isNamed(registry, source, "quiet"));
  }

  @Test
  void listenersHearOfEachNewAndChangedEndpointAndOfNoneTwice() {
    UUID before = insertEndpoint("https://example.com/before", "key");
    List<Endpoint> heard = new CopyOnWriteArrayList<>();
    PostgresRegistry registry = make();
    registry.onChange(
        endpoint -> {
          throw new IllegalStateException("a listener that fails");
        });
    registry.onChange(heard::add);
    get(registry.start());
    assertThat(heard).extracting(e -> e.id().value()).contains(before);
    heard.clear();
    sql("UPDATE endpoints SET status = 'paused' WHERE id = ?", before);
    sql("UPDATE endpoints SET status = 'active' WHERE id = ?", before);
    await().atMost(PROMISED).until(() -> !heard.isEmpty() && heard.getLast().isActive());
    // Past a look for changes, which reads the same rows once more.
    updateQuietly("endpoints SET name = 'quiet'", before);
    await().atMost(Duration.ofSeconds(10)).until(() -> heard.getLast().name().equals("quiet"));
    assertThat(heard).extracting(Endpoint::revision).doesNotHaveDuplicates();
  }

  @Test
  void manyChangesAtOnceAreAllSeen() {
    List<PostgresRegistry> nodes = List.of(start(), start());
    sql(
        "INSERT INTO sources (organization_id, id, name, scheme)"
            + " SELECT ?, gen_random_uuid(), 'bulk', 'showpass' FROM generate_series(1, 1700)",
        organization);
    sql(
        "INSERT INTO secrets (organization_id, owner_id, id, master_key_id, ciphertext)"
            + " SELECT organization_id, id, gen_random_uuid(), 'test', 'key' FROM sources"
            + " WHERE name = 'bulk'");
    sql("UPDATE sources SET name = 'bulk' WHERE name = 'bulk'");
    List<UUID> ids =
        Sql.run(stores.postgresUri(), "SELECT id FROM sources WHERE name = 'bulk'").stream()
            .map(row -> UUID.fromString(Objects.requireNonNull(row.getFirst())))
            .toList();
    assertThat(ids).hasSize(1700);
    for (PostgresRegistry node : nodes) {
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> ids.stream().allMatch(id -> node.find(text(id)) != null));
    }
    PostgresRegistry late = start(); // reads them in pages
    assertThat(ids).allMatch(id -> late.find(text(id)) != null);
  }

  @Test
  void itDoesNotStartWithoutADatabase() {
    PostgresUri nowhere =
        PostgresUri.parse(stores.postgresUri().replaceFirst("/test_[a-z_0-9]+\\?", "/nowhere?"));
    PostgresRegistry registry =
        new PostgresRegistry(
            vertx,
            PostgresPools.control(vertx, nowhere, 1),
            PostgresPools.listener(nowhere),
            PostgresRegistryIT::open);
    assertThatThrownBy(() -> get(registry.start())).hasMessageContaining("nowhere");
  }

  @Test
  void whenItHasStoppedNothingListensAnyMore() {
    PostgresRegistry registry = start();
    await().until(() -> listening() == 1);
    get(registry.stop());
    await().until(() -> listening() == 0);
  }

  private boolean bothListen() {
    return listening() == 2;
  }

  private long listening() {
    return Long.parseLong(
        Objects.requireNonNull(
            Sql.value(
                stores.postgresUri(),
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'usher listener'"
                    + " AND datname = current_database() AND query LIKE 'LISTEN%'")));
  }

  private static boolean isNamed(PostgresRegistry registry, UUID source, String name) {
    Source found = registry.find(text(source));
    return found != null && found.name().equals(name);
  }

  private static List<SecretKey> keys(PostgresRegistry registry, UUID source) {
    Source found = registry.find(text(source));
    return found == null ? List.of() : found.keys();
  }

  private static @Nullable Endpoint find(PostgresRegistry registry, UUID endpoint) {
    return registry.find(new EndpointId(endpoint));
  }

  private static String text(UUID source) {
    return new SourceId(source).toString();
  }

  private PostgresRegistry start() {
    PostgresRegistry registry = make();
    get(registry.start());
    return registry;
  }

  private PostgresRegistry make() {
    PostgresUri uri = PostgresUri.parse(stores.postgresUri());
    Pool pool = PostgresPools.control(vertx, uri, 2);
    PostgresRegistry registry =
        new PostgresRegistry(vertx, pool, PostgresPools.listener(uri), PostgresRegistryIT::open);
    started.add(registry);
    return registry;
  }

  private static String open(String masterKeyId, byte[] ciphertext, UUID owner) {
    if (!masterKeyId.equals(MASTER_KEY)) {
      throw new IllegalArgumentException("no master key " + masterKeyId);
    }
    return new String(ciphertext, StandardCharsets.UTF_8);
  }

  private UUID insertSource(String options, String networks, @Nullable String secret) {
    UUID id = UuidV7.unguessable(InstantSource.system());
    if (secret != null) {
      insertSecret(id, secret);
    }
    sql(
        "INSERT INTO sources (organization_id, id, name, scheme, options, allowed_networks)"
            + " VALUES (?, ?, 'box office', 'showpass', ?::jsonb, "
            + networks
            + ")",
        organization,
        id,
        options);
    return id;
  }

  private UUID insertEndpoint(String url, String secret) {
    UUID id = UuidV7.unguessable(InstantSource.system());
    insertSecret(id, secret);
    sql(
        "INSERT INTO endpoints (organization_id, id, name, url, events, signature, headers,"
            + " timeout_ms, retry_schedule_ms, rate_limit, ordered) VALUES (?, ?, 'crm', ?,"
            + " '{invoice.*,webhook.test}', 'standard-webhooks', '{\"x-team\": \"box office\"}',"
            + " 1500, '{5000,300000}', 7, true)",
        organization,
        id,
        url);
    return id;
  }

  private UUID insertSecret(UUID owner, String text) {
    UUID id = UuidV7.unguessable(InstantSource.system());
    sql(
        "INSERT INTO secrets (organization_id, owner_id, id, master_key_id, ciphertext)"
            + " VALUES (?, ?, ?, ?, ?)",
        organization,
        owner,
        id,
        MASTER_KEY,
        text.getBytes(StandardCharsets.UTF_8));
    return id;
  }

  /** With triggers off, as if the notification had been lost on its way. */
  private void updateQuietly(String update, UUID id) {
    sql(
        "SET session_replication_role = 'replica'; UPDATE "
            + update
            + ", changed_at = clock_timestamp(), revision = nextval('configuration_revision')"
            + " WHERE id = ?",
        id);
  }

  private void sql(String statement, @Nullable Object... parameters) {
    Sql.run(stores.postgresUri(), statement, parameters);
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
