package dev.usher.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.Main;
import dev.usher.crypto.ShowpassSigner;
import dev.usher.crypto.StandardWebhooksSigner;
import dev.usher.testing.ChildJvm;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestStores;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands as somebody runs them: each in a process of its own. */
class CommandsIT {
  @Test
  void theDemoDeliversEveryEventSaysSoAndEndsWithNought() {
    try (ChildJvm demo =
        ChildJvm.start(Main.class, "demo", "--port", "0", "--events", "60", "--exit")) {
      demo.await("The first event is through");
      demo.await("  console     http://127.0.0.1:");
      assertThat(demo.await("  try         curl ")).contains("X-SHOWPASS-SIGNATURE");
      assertThat(demo.await("sent ").strip()).isEqualTo("60");
      assertThat(demo.await("accepted ").strip()).isEqualTo("60");
      assertThat(demo.await("duplicates ").strip()).startsWith("3 ");
      assertThat(demo.await("refused ").strip()).isEqualTo("0");
      assertThat(demo.await("delivered ").strip()).startsWith("60 ");
      demo.await("Every event was delivered.");
      assertThat(demo.awaitExit()).isZero();
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ChildJvm demo =
            ChildJvm.start(Main.class, "demo", "--port", Integer.toString(taken.getLocalPort()))) {
      assertThat(demo.awaitExit()).isEqualTo(1);
      assertThat(demo.lines())
          .anyMatch(line -> line.contains("cannot listen at 127.0.0.1:" + taken.getLocalPort()));
    }
  }

  @Test
  void listenSaysWhetherASignatureIsRight() {
    String secret = "whsec_" + "A".repeat(43) + "=";
    try (ChildJvm listen =
        ChildJvm.start(
            Main.class, "listen", "--port", "0", "--secret", secret, "--status", "204")) {
      String url = listen.await("Listening at ");
      URI address = URI.create(url.substring(0, url.indexOf(' ')));
      String body = "{\"id\":\"a\"}";
      String right =
          Objects.requireNonNull(StandardWebhooksSigner.of(secret))
              .sign("evt_1", 1_000, body.getBytes(StandardCharsets.UTF_8));
      post(
          address,
          body,
          "webhook-id",
          "evt_1",
          "webhook-timestamp",
          "1000",
          "webhook-signature",
          right);
      listen.await("  signature right (Standard Webhooks");
      post(address, body, "X-SHOWPASS-SIGNATURE", new ShowpassSigner(secret).sign("a"));
      listen.await("  signature right (Showpass");
      post(address, body, "X-SHOWPASS-SIGNATURE", new ShowpassSigner(secret).sign("b"));
      listen.await("  SIGNATURE WRONG (Showpass)");
      post(address, body, "accept", "*/*");
      listen.await("  NO SIGNATURE");
    }
  }

  private static void post(URI address, String body, String... headers) {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .headers(headers)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    assertThat(TestGateway.send(request).statusCode()).isEqualTo(204);
  }

  @Test
  @ExtendWith(EmbeddedStoresExtension.class)
  void migrateSaysWhatItDidAndTheSecondTimeThatThereIsNothingToDo(TestStores stores) {
    Map<String, String> environment = TestGateway.environment(stores);
    for (int time = 0; time < 2; time++) {
      try (ChildJvm migrate = ChildJvm.start(environment, Main.class, "migrate")) {
        assertThat(migrate.awaitExit()).isZero();
        assertThat(String.join("\n", migrate.lines())).contains("the schema is at version ");
      }
    }
    try (ChildJvm migrate = ChildJvm.start(environment, Main.class, "migrate")) {
      assertThat(migrate.awaitExit()).isZero();
      assertThat(String.join("\n", migrate.lines())).contains("nothing to do");
    }
  }

  @Test
  void serveNamesEveryFaultOfItsConfigurationOneALineAndEndsWithTwo() {
    Map<String, String> wrong =
        Map.of(
            "USHER_INGRESS_PORT", "70000",
            "USHER_DELIVERY_TIMEOUT", "soon",
            "USHER_NOTHING_OF_OURS", "1");
    try (ChildJvm serve = ChildJvm.start(wrong, Main.class, "serve")) {
      assertThat(serve.awaitExit()).isEqualTo(2);
      assertThat(serve.lines())
          .hasSize(3)
          .anyMatch(line -> line.contains("USHER_INGRESS_PORT") && line.contains("expected"))
          .anyMatch(line -> line.contains("USHER_DELIVERY_TIMEOUT") && line.contains("expected"))
          .anyMatch(line -> line.contains("USHER_NOTHING_OF_OURS"));
    }
  }
}
