package dev.usher.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.Main;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import dev.usher.verify.Schemes;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The line that a source's page offers, in a shell, with this build's {@code usher sign}. */
@ExtendWith(EmbeddedStoresExtension.class)
class CurlLineIT {
  @Test
  void theLineOfEverySchemeSendsAnEventThatIsAccepted(TestStores stores, @TempDir Path directory)
      throws IOException, InterruptedException {
    launcher(directory);
    try (TestGateway gateway = TestGateway.start(stores)) {
      Map<String, Integer> answers = new LinkedHashMap<>();
      for (String scheme : Schemes.names()) {
        if (!scheme.equals("sendgrid")) { // holds a public key, which signs nothing
          answers.put(scheme, run(gateway, scheme, Map.of(), directory));
        }
      }
      answers.put("hmac with options", run(gateway, "hmac", options(), directory));
      assertThat(answers).allSatisfy((scheme, status) -> assertThat(status).isEqualTo(202));
    }
  }

  @Test
  void aSchemeWhoseSourceCannotSignHasNoLine() {
    assertThat(CurlLine.of("sendgrid", Map.of(), "public", "http://127.0.0.1/")).isEmpty();
  }

  private static Map<String, String> options() {
    return Map.of(
        "header", "X-Sig",
        "prefix", "sha512='",
        "algorithm", "sha512",
        "signed", "{id}.{timestamp}.{body}",
        "timestamp-header", "X-Time",
        "key", "header:X-Key",
        "type", "header:X-Type");
  }

  private static int run(
      TestGateway gateway, String scheme, Map<String, String> given, Path directory)
      throws IOException, InterruptedException {
    Map<String, String> options =
        scheme.equals("hmac") && given.isEmpty() ? Map.of("header", "X-Sig") : given;
    TestSource source =
        gateway.newSource(
            new JsonObject()
                .put("name", scheme)
                .put("scheme", scheme)
                .put("options", new JsonObject(Map.copyOf(options))));
    String line =
        CurlLine.of(scheme, options, source.secret(), gateway.ingress(source.path()).toString());
    Process shell =
        new ProcessBuilder("bash", "-c", line + " -s -o answer -w '%{http_code}'")
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String status = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(line).isZero();
    return Integer.parseInt(status);
  }

  /** In place of the launcher, which would build. */
  private static void launcher(Path directory) throws IOException {
    Path usher = directory.resolve("usher");
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Files.write(
        usher,
        List.of(
            "#!/bin/sh",
            "exec '%s' -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\""
                .formatted(java, System.getProperty("java.class.path"), Main.class.getName())));
    assertThat(usher.toFile().setExecutable(true)).isTrue();
  }
}
