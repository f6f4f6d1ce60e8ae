package dev.usher.registry;

import dev.usher.event.Network;
import dev.usher.event.OrganizationId;
import dev.usher.event.SecretKey;
import dev.usher.event.Source;
import dev.usher.event.SourceId;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of {@code sources} as values, by the text of their ids as requests carry it. */
final class PostgresSources implements PostgresMirror.Target<Source>, SourceRegistry {
  static final String COLUMNS = "t.name, t.scheme, t.options, t.allowed_networks, t.rate_limit";

  private final ConcurrentHashMap<String, Source> byId = new ConcurrentHashMap<>();

  @Override
  public @Nullable Source find(String sourceIdText) {
    return byId.get(sourceIdText);
  }

  @Override
  public Source read(Row row, List<SecretKey> keys) {
    return new Source(
        new SourceId(row.getUUID("id")),
        new OrganizationId(row.getUUID("organization_id")),
        row.getString("name"),
        row.getString("scheme"),
        keys,
        PostgresMirror.strings(row, "options"),
        Stream.of(row.getArrayOfStrings("allowed_networks")).map(Network::parse).toList(),
        row.getInteger("rate_limit"),
        row.getLong("revision"));
  }

  @Override
  public void put(Source source) {
    byId.put(source.id().toString(), source);
  }

  @Override
  public void remove(UUID id) {
    byId.remove(display(id));
  }

  @Override
  public String display(UUID id) {
    return new SourceId(id).toString();
  }
}
