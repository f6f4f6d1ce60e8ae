package dev.usher.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.output.MigrateResult;
import org.jspecify.annotations.Nullable;

/**
 * Brings the schema up to date. Nodes may do so at the same time: Flyway's lock lets one go first.
 */
public final class Migrations {
  // Yesterday for what was accepted just before midnight, the day after tomorrow so that a node
  // whose
  // daily upkeep is late by a day still finds a partition.
  private static final int FIRST_DAY = -1;
  private static final int LAST_DAY = 2;

  private final InstantSource clock;

  public Migrations(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * What was done.
   *
   * @param from the schema's version before; null for an empty database
   * @param to its version now
   * @param count migrations that this call applied; 0 when it was up to date
   */
  public record Result(@Nullable String from, String to, int count) {}

  /**
   * Applies what is missing and makes the partitions of yesterday to the day after tomorrow (UTC).
   * Blocks: not for an event loop.
   *
   * @param postgresUri see {@link PostgresUri#parse}
   * @throws StoreFailure when the database cannot be reached, refuses us, or has a schema that a
   *     newer version made
   */
  public Result migrate(String postgresUri) {
    PostgresUri uri = PostgresUri.parse(postgresUri);
    DataSource source = uri.dataSource();
    try {
      String known = whereUpToDate(source);
      if (known != null) {
        return new Result(known, known, 0);
      }
      Flyway flyway =
          Flyway.configure(Migrations.class.getClassLoader())
              .dataSource(source)
              .locations("classpath:" + AppliedMigrations.PLACE)
              .validateMigrationNaming(true)
              .load();
      refuseNewer(flyway, uri);
      MigrateResult result = flyway.migrate();
      try (Connection connection = source.getConnection()) {
        createPartitions(connection);
      }
      String to = result.targetSchemaVersion;
      return new Result(
          result.initialSchemaVersion,
          to != null ? to : String.valueOf(result.initialSchemaVersion),
          result.migrationsExecuted);
    } catch (FlywayException e) {
      throw explain(uri, e);
    } catch (SQLException e) {
      throw explain(uri, e);
    }
  }

  private @Nullable String whereUpToDate(DataSource source) throws SQLException {
    try (Connection connection = source.getConnection()) {
      String version = AppliedMigrations.version(connection);
      if (version != null) {
        createPartitions(connection);
      }
      return version;
    }
  }

  private static void refuseNewer(Flyway flyway, PostgresUri uri) {
    MigrationInfoService info = flyway.info();
    MigrationInfo current = info.current();
    MigrationVersion newest = MigrationVersion.EMPTY;
    for (MigrationInfo known : info.all()) {
      if (known.isVersioned()
          && known.getState().isResolved()
          && known.getVersion().isNewerThan(newest)) {
        newest = known.getVersion();
      }
    }
    if (current != null
        && current.getVersion() != null
        && current.getVersion().isNewerThan(newest)) {
      throw new StoreFailure(
          "the schema of %s is at version %s, this Usher knows versions up to %s: use a newer Usher"
              .formatted(uri.place(), current.getVersion(), newest));
    }
  }

  private void createPartitions(Connection connection) throws SQLException {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    try (PreparedStatement create = connection.prepareStatement("SELECT create_partitions(?)")) {
      for (int day = FIRST_DAY; day <= LAST_DAY; day++) {
        create.setObject(1, today.plusDays(day));
        create.execute();
      }
    }
  }

  private static StoreFailure explain(PostgresUri uri, Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return new StoreFailure(message(uri, sql, sql.getSQLState()), failure);
      }
    }
    if (failure instanceof FlywayException e && e.getErrorCode() == CoreErrorCode.VALIDATE_ERROR) {
      return new StoreFailure(
          "the schema of %s is not the one that Usher made: %s"
              .formatted(uri.place(), failure.getMessage()),
          failure);
    }
    return new StoreFailure(
        "the schema of %s cannot be migrated: %s".formatted(uri.place(), failure.getMessage()),
        failure);
  }

  // Appendix A of the Postgres manual.
  private static String message(PostgresUri uri, SQLException failure, String state) {
    if (state.startsWith("08")) {
      return "cannot reach Postgres at %s: %s".formatted(uri.place(), failure.getMessage());
    }
    return switch (state) {
      case "28P01", "28000" ->
          "Postgres at %s refuses user '%s': %s"
              .formatted(uri.place(), uri.user(), failure.getMessage());
      case "3D000" -> "Postgres at %s has no such database".formatted(uri.place());
      default ->
          "Postgres at %s cannot be migrated: %s (%s)"
              .formatted(uri.place(), failure.getMessage(), state);
    };
  }
}
