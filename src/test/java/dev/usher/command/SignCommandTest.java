package dev.usher.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.crypto.EcdsaP256;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SignCommandTest {
  private record Ran(int exit, List<String> out, String err) {}

  @TempDir private Path directory = Path.of("");

  /** Known answers, as in the tests of the schemes. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          github  | It's a Secret to Everybody | Hello, World!          | 1 | X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17
          shopify | test_secret_key            | {"foo": "bar"}         | 1 | X-Shopify-Hmac-Sha256: B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g=
          paddle  | VALID_SECRET               | {"data": ["1", "2"]}   | 1698796800 | Paddle-Signature: ts=1698796800;h1=a300428748dce5c70e4da19bffd60769591ea969c99dea3105d0ec9612cf43f9
          """)
  void itPrintsWhatTheProviderSends(
      String scheme, String secret, String body, String timestamp, String header)
      throws IOException {
    Ran ran = sign(body, "--scheme", scheme, "--secret", secret, "--timestamp", timestamp);
    assertThat(ran.exit).isZero();
    assertThat(ran.out).contains(header);
    assertThat(ran.err).isEmpty();
  }

  @Test
  void keyAndTypeAreHeadersWhereTheProviderSendsThemThere() throws IOException {
    assertThat(sign("{}", "--scheme=github", "--secret=s", "--id=1", "--type=push").out)
        .contains("X-GitHub-Delivery: 1", "X-GitHub-Event: push")
        .hasSize(3);
    assertThat(sign("{}", "--scheme=shopify", "--secret=s", "--type=orders/paid").out)
        .contains("X-Shopify-Topic: orders/paid")
        .hasSize(3);
  }

  @Test
  void whatSignsTheAddressNeedsIt() throws IOException {
    for (String scheme : List.of("twilio", "square")) {
      Ran without = sign("a=1", "--scheme", scheme, "--secret=s");
      assertThat(without.exit).isEqualTo(2);
      assertThat(without.err).contains("expected --url");
      assertThat(sign("a=1", "--scheme", scheme, "--secret=s", "--url=https://a/in/b").out)
          .hasSize(1);
      assertThat(sign("a=1", "--scheme", scheme, "--secret=s", "--option=url=https://a/").out)
          .hasSize(1);
    }
    Ran json = sign("{}", "--scheme=twilio", "--secret=s", "--url=https://a/in/b");
    assertThat(json.exit).isEqualTo(2);
    assertThat(json.err)
        .contains("bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  }

  @Test
  void mailgunsBodyIsPrintedWithItsSignature() throws IOException {
    String[] arguments = {"--scheme=mailgun", "--secret=s", "--id=t", "--timestamp=1529006854"};
    Ran member = sign("{\"a\":1}", arguments);
    assertThat(member.out)
        .singleElement()
        .asString()
        .startsWith("signature: {\"timestamp\":\"1529006854\",\"token\":\"t\",\"signature\":\"");
    assertThat(member.err).contains("--body");
    List<String> more = new ArrayList<>(List.of(arguments));
    more.add("--body");
    Ran body = sign("{\"a\":1}", more.toArray(String[]::new));
    assertThat(body.out)
        .containsExactly(
            "{\"signature\":"
                + member.out.getFirst().substring("signature: ".length())
                + ",\"a\":1}");
    assertThat(sign("not JSON", arguments).exit).isEqualTo(2);
  }

  @Test
  void sendGridTakesThePrivateKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    Ran ran =
        sign(
            "[]",
            "--scheme=sendgrid",
            "--timestamp=1600112502",
            "--secret=" + base64(pair.getPrivate().getEncoded()));
    assertThat(ran.out).contains("X-Twilio-Email-Event-Webhook-Timestamp: 1600112502").hasSize(2);
    String signature = ran.out.getFirst().substring(ran.out.getFirst().indexOf(' ') + 1);
    EcdsaP256 verifier = EcdsaP256.verifier(base64(pair.getPublic().getEncoded()));
    assertThat(Objects.requireNonNull(verifier).verifies(signature, "1600112502[]".getBytes(UTF_8)))
        .isTrue();

    Ran wrong =
        sign("[]", "--scheme=sendgrid", "--secret=" + base64(pair.getPublic().getEncoded()));
    assertThat(wrong.exit).isEqualTo(2);
    assertThat(wrong.err).contains("secret: is no private key");
  }

  @Test
  void whatCannotBeSignedIsWrongUsageAndNamesEveryFault() throws IOException {
    Ran unknown = sign("{}", "--scheme=smoke", "--secret=s");
    assertThat(unknown.exit).isEqualTo(2);
    assertThat(unknown.err).contains("unknown scheme 'smoke' (known: showpass, ");
    Ran faulty = sign("{}", "--scheme=stripe", "--secret=sk_live_1", "--option=a=b");
    assertThat(faulty.exit).isEqualTo(2);
    assertThat(faulty.err).contains("secret: begins with sk_").contains("options.a: unknown");
    Ran noId = sign("{}", "--scheme=showpass", "--secret=s");
    assertThat(noId.exit).isEqualTo(2);
    assertThat(noId.err).contains("'id' is missing");
  }

  private Ran sign(String body, String... arguments) throws IOException {
    Path file = Files.writeString(directory.resolve("body"), body);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--file", file.toString()));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        new CommandLine(new SignCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    return new Ran(exit, out.toString().lines().toList(), err.toString());
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
