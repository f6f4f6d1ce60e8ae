package dev.usher.registry;

import dev.usher.event.ClientTls;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import dev.usher.event.SecretKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rows of {@code endpoints} as values, and those who want to hear of their changes. */
final class PostgresEndpoints implements PostgresMirror.Target<Endpoint>, EndpointRegistry {
  static final String COLUMNS =
      "t.name, t.url, t.events, t.status, t.signature, t.headers, t.timeout_ms,"
          + " t.retry_schedule_ms, t.concurrency, t.rate_limit, t.ordered, t.filter,"
          + " t.tls_ca, t.tls_certificate, t.tls_key, t.tls_key_master_key_id";

  private static final Logger log = LoggerFactory.getLogger(PostgresEndpoints.class);

  private final SecretOpener secrets;
  private final ConcurrentHashMap<EndpointId, Endpoint> byId = new ConcurrentHashMap<>();
  private final Collection<Endpoint> all = Collections.unmodifiableCollection(byId.values());
  private final List<Consumer<Endpoint>> onChange = new CopyOnWriteArrayList<>();
  private final List<Consumer<EndpointId>> onRemoval = new CopyOnWriteArrayList<>();

  PostgresEndpoints(SecretOpener secrets) {
    this.secrets = secrets;
  }

  @Override
  public @Nullable Endpoint find(EndpointId id) {
    return byId.get(id);
  }

  @Override
  public Collection<Endpoint> all() {
    return all;
  }

  void onChange(Consumer<Endpoint> listener) {
    onChange.add(listener);
  }

  void onRemoval(Consumer<EndpointId> listener) {
    onRemoval.add(listener);
  }

  @Override
  public Endpoint read(Row row, List<SecretKey> keys) {
    Integer timeoutMillis = row.getInteger("timeout_ms");
    Long[] retryMillis = row.getArrayOfLongs("retry_schedule_ms");
    return new Endpoint(
        new EndpointId(row.getUUID("id")),
        new OrganizationId(row.getUUID("organization_id")),
        row.getString("name"),
        URI.create(row.getString("url")),
        List.of(row.getArrayOfStrings("events")),
        Endpoint.Status.valueOf(constant(row.getString("status"))),
        keys,
        Endpoint.Signature.valueOf(constant(row.getString("signature"))),
        PostgresMirror.strings(row, "headers"),
        timeoutMillis == null ? null : Duration.ofMillis(timeoutMillis),
        retryMillis == null ? null : Stream.of(retryMillis).map(Duration::ofMillis).toList(),
        row.getInteger("concurrency"),
        row.getInteger("rate_limit"),
        row.getBoolean("ordered"),
        tls(row),
        row.getString("filter"),
        row.getLong("revision"));
  }

  private @Nullable ClientTls tls(Row row) {
    String ca = row.getString("tls_ca");
    String certificate = row.getString("tls_certificate");
    if (ca == null && certificate == null) {
      return null;
    }
    Buffer key = row.getBuffer("tls_key");
    return new ClientTls(
        ca,
        certificate,
        key == null
            ? null
            : secrets.open(
                row.getString("tls_key_master_key_id"), key.getBytes(), row.getUUID("id")));
  }

  private static String constant(String text) {
    return text.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  @Override
  public void put(Endpoint endpoint) {
    byId.put(endpoint.id(), endpoint);
    tell(onChange, endpoint);
  }

  @Override
  public void remove(UUID id) {
    EndpointId removed = new EndpointId(id);
    if (byId.remove(removed) != null) {
      tell(onRemoval, removed);
    }
  }

  // A listener's fault must not keep the registry from following further changes.
  private static <E> void tell(List<Consumer<E>> listeners, E news) {
    for (Consumer<E> listener : listeners) {
      try {
        listener.accept(news);
      } catch (RuntimeException e) {
        log.error("a listener failed on {}", news instanceof Endpoint it ? it.id() : news, e);
      }
    }
  }

  @Override
  public String display(UUID id) {
    return new EndpointId(id).toString();
  }
}
