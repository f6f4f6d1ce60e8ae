package dev.usher.journal;

import dev.usher.deliver.Disabling;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.UuidV7;
import dev.usher.filter.EndpointFilters;
import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Disables endpoints in {@code endpoints}, whose trigger tells all nodes; and in the same statement
 * writes {@code usher.endpoint.disabled}. Shared by the node's event loops.
 */
public final class PostgresDisabling implements Disabling {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresDisabling.class);
  private static final String DISABLE = Sql.read(PostgresDisabling.class, "disable.sql");

  private final Pool pool;
  private final InstantSource clock;
  private final EndpointFilters filters;
  private final Set<EndpointId> underWay = ConcurrentHashMap.newKeySet();

  /**
   * @param filters which endpoints do not want to be told
   */
  public PostgresDisabling(Pool pool, InstantSource clock, EndpointFilters filters) {
    this.pool = pool;
    this.clock = clock;
    this.filters = filters;
  }

  @Override
  public void gone(Endpoint endpoint, Event event) {
    String reason = "it answered 410 Gone at " + second(clock.instant());
    // What goes wrong with an event of our own makes no further event: that could go on for ever.
    disable(endpoint, reason, event.isSystem() ? null : reason);
  }

  @Override
  public Future<Void> onlyFailed(Endpoint endpoint, Instant since) {
    String reason = "every attempt since " + second(since) + " failed";
    return disable(endpoint, reason, reason);
  }

  /**
   * Disables the endpoint once, however many ask meanwhile. Never fails: who asked asks again.
   *
   * @param told what the event says; null for no event
   */
  private Future<Void> disable(Endpoint endpoint, String reason, @Nullable String told) {
    if (!underWay.add(endpoint.id())) {
      return Future.succeededFuture();
    }
    SystemEvent event = told == null ? null : SystemEvent.disabled(endpoint, told, clock);
    return pool.preparedQuery(DISABLE)
        .execute(parameters(endpoint, reason, event))
        .<Void>map(
            rows -> {
              Row row = rows.iterator().next();
              if (row.getInteger(0) > 0) {
                LOG.info("{} is disabled: {}", endpoint.id(), reason);
              }
              return null;
            })
        .otherwise(
            failure -> {
              LOG.warn("{} is not disabled yet: {}", endpoint.id(), failure.toString());
              return null;
            })
        .onComplete(_ -> underWay.remove(endpoint.id()));
  }

  private Tuple parameters(Endpoint endpoint, String reason, @Nullable SystemEvent event) {
    return Tuple.wrap(
        Arrays.asList(
            endpoint.organization().value(),
            endpoint.id().value(),
            endpoint.revision(),
            reason,
            event == null ? null : event.id().value(),
            event == null ? null : event.id().toString(),
            SystemEvent.ENDPOINT_DISABLED,
            event == null ? null : Buffer.buffer(event.body()),
            SystemEvent.patterns(SystemEvent.ENDPOINT_DISABLED),
            UuidV7.unguessable(clock),
            endpoint.id().toString(),
            changes(reason),
            refusing(endpoint, event)));
  }

  /** What the audit log says, as it says it of changes that people make. */
  private static String changes(String reason) {
    return new JsonObject()
        .put("status", new JsonObject().put("from", "active").put("to", "disabled"))
        .put("disabled_reason", new JsonObject().putNull("from").put("to", reason))
        .encode();
  }

  private UUID[] refusing(Endpoint endpoint, @Nullable SystemEvent event) {
    return event == null
        ? new UUID[0]
        : filters.refusing(endpoint.organization(), event.type(), event.body()).stream()
            .map(EndpointId::value)
            .toArray(UUID[]::new);
  }

  private static Instant second(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS);
  }
}
