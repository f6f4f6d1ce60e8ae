package dev.usher.command;

import dev.usher.verify.Schemes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the headers that a sender would add to a body. */
@Command(
    name = "sign",
    description = {
      "Prints, one a line, the headers that a sender would add to this body.",
      "For curl: curl -H \"$(./usher sign --scheme showpass --secret S --file body.json)\" …"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class SignCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--scheme", required = true, description = "The signature scheme, e.g. showpass.")
  private String scheme = "";

  @Option(names = "--secret", required = true, description = "The source's secret.")
  private String secret = "";

  @Option(names = "--file", description = "The body; standard input where it is not given.")
  private @Nullable Path file;

  @Option(names = "--id", description = "The message id, for schemes that sign one.")
  private @Nullable String id;

  @Option(names = "--timestamp", description = "Seconds since 1970; default: now.")
  private @Nullable Long timestamp;

  @Option(
      names = "--option",
      description = "An option of the scheme, e.g. --option header=X-Signature.")
  private Map<String, String> options = Map.of();

  @Override
  public Integer call() throws IOException {
    if (!Schemes.names().contains(scheme)) {
      throw usage(
          "unknown scheme '" + scheme + "' (known: " + String.join(", ", Schemes.names()) + ")");
    }
    List<String> faults = Schemes.faults(scheme, secret, options);
    if (!faults.isEmpty()) {
      throw usage(String.join("\n", faults));
    }
    byte[] body = file == null ? System.in.readAllBytes() : Files.readAllBytes(file);
    Instant at = timestamp == null ? Instant.now() : Instant.ofEpochSecond(timestamp);
    Schemes.sign(scheme, secret, options, body, id, at)
        .forEach(
            header -> spec.commandLine().getOut().println(header.name() + ": " + header.value()));
    return 0;
  }

  private CommandLine.ParameterException usage(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
