package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeaderRulesTest {
  @Test
  void headersThatWeOwnCannotBeSetInAnyCase() {
    for (String ours :
        List.of(
            "Host",
            "CONTENT-LENGTH",
            "transfer-encoding",
            "Webhook-Id",
            "X-SHOWPASS-SIGNATURE",
            "usher-attempt",
            "traceparent",
            "Cookie",
            "Proxy-Authorization")) {
      assertThat(isRight(Map.of(ours, "x"))).as(ours).isFalse();
    }
    assertThat(isRight(Map.of("Authorization", "Bearer x", "X-Shop", "7"))).isTrue();
  }

  @Test
  void namesAreTokens() {
    for (String name : List.of("X A", "X-A:", "", "é", "X-A\r\nb", "a".repeat(101))) {
      assertThat(isRight(Map.of(name, "x"))).as(name).isFalse();
    }
  }

  @Test
  void valuesCannotSmuggleLines() {
    DescribedBody settings = new DescribedBody("NewEndpoint");
    assertThat(settings.faults("headers", "{\"X-A\": \"a b\"}")).isEmpty();
    for (String value :
        List.of("", "a\\r\\nb: c", "a\\u0000", " a", "a ", "é", "x".repeat(1_025))) {
      assertThat(settings.faults("headers", "{\"X-A\": \"" + value + "\"}"))
          .as(value)
          .containsExactly("headers.X-A");
    }
  }

  private static boolean isRight(Map<String, String> headers) {
    Call nothing =
        new Call(
            "POST",
            "/",
            "",
            MultiMap.caseInsensitiveMultiMap(),
            new RequestBody.Read(Json.object(), new byte[0]),
            List.of(),
            null,
            null,
            null,
            new Admission.Admitted(null, Actor.ADMINISTRATOR));
    Fields fields = new Fields(nothing);
    HeaderRules.check(headers, fields);
    return fields.result(() -> true) instanceof Parsed.Valid;
  }

  @Test
  void credentialsAreHiddenWhateverTheirCase() {
    Map<String, String> shown =
        HeaderRules.ofEvent("Authorization: Bearer x\nX-API-Key: x\nIdempotency-Key: k\nbroken");
    assertThat(shown)
        .containsOnly(
            Map.entry("authorization", "(hidden)"),
            Map.entry("x-api-key", "(hidden)"),
            Map.entry("idempotency-key", "k"));
    for (String name :
        List.of(
            "Cookie",
            "X-Auth",
            "X-Auth-Key",
            "Private-Key",
            "X-Access_Key",
            "X-APIKEY",
            "X-Credential",
            "X-Session-Id",
            "X-Passwd",
            "Client-Secret",
            "Token")) {
      assertThat(HeaderRules.withoutCredentials(Map.of(name, "hunter2")))
          .containsExactly(Map.entry(name, "(hidden)"));
    }
    assertThat(HeaderRules.withoutCredentials(Map.of("X-Shop", "7")))
        .containsExactly(Map.entry("X-Shop", "7"));
  }

  /** By Showpass' a viewer could sign an event of his own, and by others send one again. */
  @Test
  void aSendersSignatureIsNotShownAgain() {
    for (String name :
        List.of("X-SHOWPASS-SIGNATURE", "webhook-signature", "X-Shopify-Hmac-Sha256")) {
      assertThat(HeaderRules.ofEvent(name + ": 00ff").values()).containsExactly("(hidden)");
    }
  }

  @Test
  void whatIsNotKeptOfASenderIsNotShownOfAnEndpointEither() {
    assertThat(
            HeaderRules.withoutCredentials(
                Map.of("X-Auth", "x", "X-Session", "x", "ApiKey", "x", "X-Team", "tickets")))
        .containsOnly(
            Map.entry("X-Auth", "(hidden)"),
            Map.entry("X-Session", "(hidden)"),
            Map.entry("ApiKey", "(hidden)"),
            Map.entry("X-Team", "tickets"));
  }
}
