package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

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
  void valuesCannotSmuggleLines() {
    for (String value : List.of("", "a\r\nb: c", "a\u0000", " a", "a ", "é", "x".repeat(1_025))) {
      assertThat(isRight(Map.of("X-A", value))).as(value).isFalse();
    }
    assertThat(isRight(Map.of("X A", "x"))).isFalse();
    assertThat(isRight(Map.of("X-A:", "x"))).isFalse();
  }

  private static boolean isRight(Map<String, String> headers) {
    Fields fields = new Fields(Json.object(), List.of());
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
  }
}
