package dev.usher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestReceiver.Received;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of docs/receivers.md, as they stand there, on a request that a gateway sent. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReceiversIT {
  private static final Path PAGE = Path.of("docs", "receivers.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("```\\w+\\n\\W+(\\w+\\.\\w+)\\n(.*?)```", Pattern.DOTALL);
  private static final String ANOTHER_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private final Map<String, String> headers = new TreeMap<>();
  private String secret = "";
  private String body = "";
  @TempDir Path directory;

  @BeforeAll
  void aRequestIsSent(TestStores stores) {
    try (TestGateway gateway = TestGateway.start(stores);
        TestReceiver receiver = new TestReceiver()) {
      TestSource tenant = gateway.newSource();
      secret = gateway.newEndpoint(tenant, receiver.url()).getString("secret");
      JsonObject data = new JsonObject().put("transaction_id", "T-7").put("name", "Anaïs 😀");
      JsonObject event = new JsonObject().put("type", "invoice.purchase").put("data", data);
      gateway.call("POST", "/v1/events", tenant.apiKey(), event);
      Received received = receiver.awaitReceived(1).getFirst();
      body = received.body().toString();
      received.headers().forEach(header -> headers.put(lower(header.getKey()), header.getValue()));
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String example(String file) throws IOException {
    return EXAMPLE
        .matcher(Files.readString(PAGE))
        .results()
        .filter(found -> found.group(1).equals(file))
        .map((MatchResult found) -> found.group(2))
        .findFirst()
        .orElseThrow(() -> new AssertionError("the page has no " + file));
  }

  private String changed() {
    return body.replace("T-7", "T-8");
  }

  @Test
  void javaWithTheStandardWebhooksLibrary() throws Exception {
    Class<?> receiver = compiled("StandardReceiver");
    var isGenuine = receiver.getMethod("isGenuine", String.class, byte[].class, Map.class);
    Map<String, List<String>> lists = new TreeMap<>();
    headers.forEach((name, value) -> lists.put(name, List.of(value)));
    assertThat(isGenuine.invoke(null, secret, body.getBytes(UTF_8), lists)).isEqualTo(true);
    assertThat(isGenuine.invoke(null, secret, changed().getBytes(UTF_8), lists)).isEqualTo(false);
    assertThat(isGenuine.invoke(null, ANOTHER_SECRET, body.getBytes(UTF_8), lists))
        .isEqualTo(false);
    lists.put("webhook-timestamp", List.of("1614265330"));
    assertThat(isGenuine.invoke(null, secret, body.getBytes(UTF_8), lists)).isEqualTo(false);
  }

  @Test
  void javaByTheShowpassHeader() throws Exception {
    Class<?> receiver = compiled("ShowpassReceiver");
    var isGenuine = receiver.getMethod("isGenuine", String.class, String.class, String.class);
    String signature = String.valueOf(headers.get("x-showpass-signature"));
    String id = new JsonObject(body).getString("id");
    assertThat(isGenuine.invoke(null, secret, id, signature)).isEqualTo(true);
    assertThat(isGenuine.invoke(null, secret, "T-8", signature)).isEqualTo(false);
    assertThat(isGenuine.invoke(null, ANOTHER_SECRET, id, signature)).isEqualTo(false);
  }

  private Class<?> compiled(String name) throws IOException, ClassNotFoundException {
    Path source = directory.resolve(name + ".java");
    Files.writeString(source, example(name + ".java"));
    var errors = new ByteArrayOutputStream();
    String library =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> entry.contains("standardwebhooks"))
            .collect(joining(File.pathSeparator));
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, errors, "-cp", library, "-Xlint:all,-path", source.toString());
    assertThat(errors.toString(UTF_8)).isEmpty();
    assertThat(result).isZero();
    URL[] classes = {directory.toUri().toURL()};
    return new URLClassLoader(classes, getClass().getClassLoader()).loadClass(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"crypto.mjs", "showpass.mjs"})
  void nodeWithWhatItBringsItself(String file) throws IOException, InterruptedException {
    String call =
        """
        import { isGenuine } from "./%s";
        const [secret, body, headers] = process.argv.slice(2);
        console.log(isGenuine(secret, Buffer.from(body), JSON.parse(headers)));
        """
            .formatted(file);
    judged(file, "call.mjs", call, "node");
  }

  @Test
  void pythonByTheShowpassHeader() throws IOException, InterruptedException {
    String call =
        """
        import json, sys
        from showpass import is_genuine
        secret, body, headers = sys.argv[1:]
        print(str(is_genuine(secret, body.encode(), json.loads(headers))).lower())
        """;
    judged("showpass.py", "call.py", call, "python3");
  }

  /** The example says yes to what was sent, and no to another body and another secret. */
  private void judged(String file, String caller, String call, String command)
      throws IOException, InterruptedException {
    assumeTrue(isInstalled(command), "there is no " + command + " in PATH");
    Files.writeString(directory.resolve(file), example(file));
    Files.writeString(directory.resolve(caller), call);
    assertThat(run(command, caller, secret, body)).isEqualTo("true");
    assertThat(run(command, caller, secret, changed())).isEqualTo("false");
    assertThat(run(command, caller, ANOTHER_SECRET, body)).isEqualTo("false");
  }

  private String run(String command, String caller, String withSecret, String withBody)
      throws IOException, InterruptedException {
    String sent = JsonObject.mapFrom(headers).encode();
    Process process =
        new ProcessBuilder(command, caller, withSecret, withBody, sent)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return printed;
  }

  private static boolean isInstalled(String command) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(entry -> Files.isExecutable(Path.of(entry, command)));
  }
}
