package dev.usher.control;

import dev.usher.control.EventType.Settings;
import dev.usher.event.OrganizationId;
import dev.usher.event.UuidV7;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** The types of events that organizations describe. */
final class PostgresEventTypes {
  private static final String COLUMNS =
      "id, name, description, schema, sample, created_at, changed_at";
  private static final String SELECT = "SELECT " + COLUMNS + " FROM event_types ";
  private static final String WITH_NAME = "WHERE organization_id = $1 AND name = $2 ";

  private final Pool pool;
  private final InstantSource clock;

  PostgresEventTypes(Pool pool, InstantSource clock) {
    this.pool = pool;
    this.clock = clock;
  }

  /** Makes all of {@code types}, each with a sample and no schema; the first becomes the newest. */
  Future<Void> createAll(
      PostgresTransaction transaction, OrganizationId organization, List<Settings> types) {
    UuidV7 ids = new UuidV7(clock);
    return transaction
        .execute(
            """
            INSERT INTO event_types (organization_id, id, name, description, sample)
            SELECT $1, t.* FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) t
            """,
            Tuple.of(organization.value())
                .addArrayOfUUID(types.reversed().stream().map(_ -> ids.next()).toArray(UUID[]::new))
                .addArrayOfString(texts(types, Settings::name))
                .addArrayOfString(texts(types, Settings::description))
                .addArrayOfString(
                    texts(types, settings -> Objects.requireNonNull(settings.sample()))))
        .mapEmpty();
  }

  private static String[] texts(List<Settings> types, Function<Settings, String> text) {
    return types.reversed().stream().map(text).toArray(String[]::new);
  }

  /** The new type; empty where the organization has one of that name. */
  Future<Optional<EventType>> create(
      PostgresTransaction transaction, OrganizationId organization, Settings settings) {
    return transaction
        .execute(
            """
            INSERT INTO event_types (organization_id, name, id, description, schema, sample)
            VALUES ($1, $2, $6, $3, $4, $5)
            ON CONFLICT (organization_id, name) DO NOTHING
            RETURNING
            """
                + COLUMNS,
            parameters(organization, settings).addUUID(UuidV7.unguessable(clock)))
        .map(rows -> PostgresRows.one(rows, PostgresEventTypes::type));
  }

  Future<Optional<EventType>> find(OrganizationId organization, String name) {
    return pool.preparedQuery(SELECT + WITH_NAME)
        .execute(Tuple.of(organization.value(), name))
        .map(rows -> PostgresRows.one(rows, PostgresEventTypes::type));
  }

  Future<Page<EventType>> list(OrganizationId organization, PageRequest page) {
    return pool.preparedQuery(
            SELECT + "WHERE organization_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3")
        .execute(Tuple.of(organization.value(), page.before(), page.limit() + 1))
        .map(rows -> PostgresRows.all(rows, PostgresEventTypes::type))
        .map(all -> Page.of(all, page.limit(), EventType::id));
  }

  /** The schemas of those of {@code names} that have one, by name. */
  Future<Map<String, String>> schemas(OrganizationId organization, Collection<String> names) {
    return pool.preparedQuery(
            """
            SELECT name, schema FROM event_types
            WHERE organization_id = $1 AND name = ANY ($2) AND schema IS NOT NULL
            """)
        .execute(Tuple.of(organization.value()).addArrayOfString(names.toArray(String[]::new)))
        .map(
            rows -> {
              Map<String, String> schemas = new HashMap<>();
              rows.forEach(row -> schemas.put(row.getString("name"), row.getString("schema")));
              return schemas;
            });
  }

  /** The type, which nobody else changes before this transaction ends. */
  Future<Optional<EventType>> lock(
      PostgresTransaction transaction, OrganizationId organization, String name) {
    return transaction
        .execute(SELECT + WITH_NAME + "FOR UPDATE", Tuple.of(organization.value(), name))
        .map(rows -> PostgresRows.one(rows, PostgresEventTypes::type));
  }

  /** Writes what is said of a type that is locked; its name stays. */
  Future<EventType> update(
      PostgresTransaction transaction, OrganizationId organization, Settings settings) {
    return transaction
        .execute(
            """
            UPDATE event_types
            SET description = $3, schema = $4, sample = $5, changed_at = now()
            WHERE organization_id = $1 AND name = $2
            RETURNING
            """
                + COLUMNS,
            parameters(organization, settings))
        .map(rows -> type(rows.iterator().next()));
  }

  /** Forgets a type that is locked. Its events stay. */
  Future<Void> delete(PostgresTransaction transaction, OrganizationId organization, String name) {
    return transaction
        .execute("DELETE FROM event_types " + WITH_NAME, Tuple.of(organization.value(), name))
        .mapEmpty();
  }

  private static Tuple parameters(OrganizationId organization, Settings settings) {
    return Tuple.of(
        organization.value(),
        settings.name(),
        settings.description(),
        settings.schema(),
        settings.sample());
  }

  private static EventType type(Row row) {
    return new EventType(
        row.getUUID("id"),
        new Settings(
            row.getString("name"),
            row.getString("description"),
            row.getString("schema"),
            row.getString("sample")),
        PostgresRows.time(row, "created_at"),
        PostgresRows.time(row, "changed_at"));
  }
}
