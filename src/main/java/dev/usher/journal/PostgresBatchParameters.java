package dev.usher.journal;

import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A batch as the parameters of {@code append.sql}: an array for each column. */
final class PostgresBatchParameters {
  private PostgresBatchParameters() {}

  /**
   * The parameters.
   *
   * @param lease under which deliveries may be written; null for none
   * @param endpoints for which enough waits in memory
   */
  static Tuple of(
      List<Event> batch,
      @Nullable Integer lease,
      List<EndpointId> endpoints,
      int daysRemembered,
      Refused refused) {
    int size = batch.size();
    UUID[] organizations = new UUID[size];
    UUID[] keyHashes = new UUID[size];
    UUID[] ids = new UUID[size];
    UUID[] bodyHashes = new UUID[size];
    @Nullable UUID[] sources = new @Nullable UUID[size];
    String[] keys = new String[size];
    String[] types = new String[size];
    @Nullable String[] payloadIds = new @Nullable String[size];
    String[] contentTypes = new String[size];
    String[] headers = new String[size];
    Buffer[] bodies = new Buffer[size];
    Integer[] eventRoutes = new Integer[size];
    Routes routes = new Routes();
    for (int i = 0; i < size; i++) {
      Event event = batch.get(i);
      organizations[i] = event.organization().value();
      keyHashes[i] = event.keyHash().toUuid();
      ids[i] = event.id().value();
      bodyHashes[i] = event.bodyHash().toUuid();
      sources[i] = event.source() == null ? null : event.source().value();
      keys[i] = event.key();
      types[i] = event.type();
      payloadIds[i] = event.payloadId();
      contentTypes[i] = event.contentType();
      headers[i] = event.headers();
      bodies[i] = BufferInternal.buffer(Unpooled.wrappedBuffer(event.body())); // not copied
      eventRoutes[i] = routes.of(event.organization(), event.type());
    }
    UUID[] full = endpoints.stream().map(EndpointId::value).toArray(UUID[]::new);
    Tuple parameters =
        Tuple.wrap(
            new ArrayList<>(
                Arrays.asList(
                    organizations,
                    keyHashes,
                    ids,
                    bodyHashes,
                    sources,
                    keys,
                    types,
                    payloadIds,
                    contentTypes,
                    headers,
                    bodies,
                    eventRoutes,
                    routes.numbers(),
                    routes.organizations(),
                    routes.patterns(),
                    lease,
                    full,
                    daysRemembered)));
    return refused.isEmpty()
        ? parameters
        : parameters.addArrayOfUUID(refused.events()).addArrayOfUUID(refused.endpoints());
  }
}
