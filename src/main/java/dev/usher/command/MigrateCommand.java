package dev.usher.command;

import dev.usher.config.UsherConfig;
import dev.usher.store.Migrations;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Brings the schema up to date and ends. */
@Command(
    name = "migrate",
    description = {
      "Brings the schema of USHER_POSTGRES_URI up to date and ends.",
      "serve does the same when it starts; this is for roll-outs that migrate first."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class MigrateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--config", description = "The configuration file (default: usher.yaml).")
  private @Nullable Path file;

  @Override
  public Integer call() {
    UsherConfig config = Settings.read(System.getenv(), file, spec);
    if (config == null) {
      return 2;
    }
    if (config.store().postgresUri() == null) {
      spec.commandLine()
          .getErr()
          .println(
              "postgres.uri is missing; expected the database to migrate"
                  + " (embedded stores are migrated by serve)");
      return 2;
    }
    Logging.use(config.log());
    Progress progress = Progress.of(config.log(), spec.commandLine().getOut());
    progress.begin("Migrating");
    Migrations.Result result =
        new Migrations(InstantSource.system()).migrate(config.store().postgresUri().toString());
    progress.done(
        result.count() == 0
            ? "nothing to do, the schema is at version " + result.to()
            : result.count() + " migrations, the schema is at version " + result.to());
    return 0;
  }
}
