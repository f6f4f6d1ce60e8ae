package dev.usher.command;

import dev.usher.config.UsherConfig;
import dev.usher.crypto.SecretBox;
import dev.usher.store.MasterKeyRotation;
import dev.usher.store.PostgresUri;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Seals stored secrets anew under the first of the configured master keys, and ends. */
@Command(
    name = "rotate-master-key",
    description = {
      "Seals every stored secret anew under the first key of USHER_MASTER_KEY, which names the"
          + " earlier ones behind it, and ends.",
      "Gateways go on meanwhile; all of them must know the new key before. Run again it goes on"
          + " where it was."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class RotateMasterKeyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--config", description = "The configuration file (default: usher.yaml).")
  private @Nullable Path file;

  @Override
  public Integer call() {
    UsherConfig config = Settings.read(System.getenv(), file, spec);
    if (config == null) {
      return 2;
    }
    PrintWriter err = spec.commandLine().getErr();
    if (config.store().postgresUri() == null) {
      err.println("postgres.uri is missing; expected the database whose secrets are sealed");
      return 2;
    }
    Logging.use(config.log());
    List<byte[]> keys = config.security().masterKeys();
    SecretBox box = new SecretBox(keys.getFirst(), keys.subList(1, keys.size()));
    PostgresUri uri = PostgresUri.parse(config.store().postgresUri().toString());
    Progress progress = new Progress(spec.commandLine().getOut());
    progress.begin("Sealing secrets under master key " + box.currentKeyId());
    MasterKeyRotation.Result result =
        new MasterKeyRotation(uri, box).run(count -> progress.count(count + " sealed anew"));
    progress.say(
        result.sealedAnew() == 0
            ? "nothing was sealed under " + (keys.size() == 1 ? "another key" : "the earlier keys")
            : result.sealedAnew() + " secrets are sealed under the new key");
    return remaining(result, err);
  }

  private static int remaining(MasterKeyRotation.Result result, PrintWriter err) {
    result.damaged().forEach(row -> err.println("damaged, cannot be opened: " + row));
    result
        .left()
        .forEach(
            (key, count) ->
                err.println(
                    count
                        + " still sealed under master key "
                        + key
                        + "; expected it behind the first in USHER_MASTER_KEY, or that they are"
                        + " deleted"));
    err.flush();
    return result.left().isEmpty() ? 0 : 1;
  }
}
