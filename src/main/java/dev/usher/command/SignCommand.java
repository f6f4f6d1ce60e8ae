package dev.usher.command;

import dev.usher.verify.Schemes;
import dev.usher.verify.SignatureScheme;
import dev.usher.verify.SignatureScheme.UnsignedRequest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
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
      "For curl: curl -H \"$(./usher sign --scheme showpass --secret S --file body.json)\" …",
      "or, with several headers: ./usher sign … > headers; curl -H @headers …"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class SignCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--scheme", required = true, description = "The signature scheme, e.g. showpass.")
  private String scheme = "";

  @Option(
      names = "--secret",
      required = true,
      description = "The source's secret; for sendgrid the private key, PKCS #8 in base64.")
  private String secret = "";

  @Option(names = "--file", description = "The body; standard input where it is not given.")
  private @Nullable Path file;

  @Option(names = "--id", description = "The message id, for schemes that send one.")
  private @Nullable String id;

  @Option(names = "--timestamp", description = "Seconds since 1970; default: now.")
  private @Nullable Long timestamp;

  @Option(
      names = "--url",
      description = "The address it is sent to, for schemes that sign it: twilio, square.")
  private String url = "";

  @Option(
      names = "--type",
      description = "The event's type, for schemes that send it in a header: github, shopify.")
  private @Nullable String type;

  @Option(
      names = "--body",
      description = "Prints the body to send instead, for schemes that sign inside it: mailgun.")
  private boolean wantsBody;

  @Option(
      names = "--option",
      description = "An option of the scheme, e.g. --option header=X-Signature.")
  private Map<String, String> options = Map.of();

  @Override
  public Integer call() throws IOException {
    SignatureScheme signing = scheme();
    byte[] body = file == null ? System.in.readAllBytes() : read(file);
    Instant at = timestamp == null ? Instant.now() : Instant.ofEpochSecond(timestamp);
    var request = new UnsignedRequest(body, id, at, url, type);
    PrintWriter out = spec.commandLine().getOut();
    try {
      byte[] signed = signing.signedBody(secret, options, request);
      if (wantsBody) {
        out.print(new String(signed, StandardCharsets.UTF_8));
        out.flush();
        return 0;
      }
      signing
          .sign(secret, options, request)
          .forEach(header -> out.println(header.name() + ": " + header.value()));
      if (!Arrays.equals(signed, body)) {
        spec.commandLine()
            .getErr()
            .println(scheme + " signs inside the body: add this member, or see --body");
      }
      return 0;
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private byte[] read(Path from) {
    try {
      return Files.readAllBytes(from);
    } catch (IOException e) {
      throw usage("--file: " + from + " cannot be read; expected the body to sign");
    }
  }

  private SignatureScheme scheme() {
    if (!Schemes.names().contains(scheme)) {
      throw usage(
          "unknown scheme '" + scheme + "' (known: " + String.join(", ", Schemes.names()) + ")");
    }
    List<String> faults = Schemes.signingFaults(scheme, secret, options);
    if (!faults.isEmpty()) {
      throw usage(String.join("\n", faults));
    }
    return Schemes.signing(scheme, secret, options);
  }

  private CommandLine.ParameterException usage(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
