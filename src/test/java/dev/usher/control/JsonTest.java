package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void aPatchIsMergedAsRfc7396Says() {
    assertThat(patched("{\"a\": \"b\"}", "{\"a\": \"c\"}")).isEqualTo("{\"a\":\"c\"}");
    assertThat(patched("{\"a\": \"b\"}", "{\"b\": \"c\"}")).isEqualTo("{\"a\":\"b\",\"b\":\"c\"}");
    assertThat(patched("{\"a\": [\"b\"]}", "{\"a\": \"c\"}")).isEqualTo("{\"a\":\"c\"}");
    assertThat(patched("{\"a\": \"c\"}", "{\"a\": [\"b\"]}")).isEqualTo("{\"a\":[\"b\"]}");
    assertThat(patched("{\"a\": {\"b\": \"c\"}}", "{\"a\": {\"b\": \"d\", \"c\": null}}"))
        .isEqualTo("{\"a\":{\"b\":\"d\"}}");
    assertThat(patched("{\"a\": [{\"b\": \"c\"}]}", "{\"a\": [1]}")).isEqualTo("{\"a\":[1]}");
    assertThat(patched("{\"a\": \"foo\"}", "{\"a\": {\"bb\": {\"ccc\": null}}}"))
        .isEqualTo("{\"a\":{\"bb\":{}}}");
    assertThat(patched("{\"a\": 1, \"b\": 2}", "{\"a\": null}")).isEqualTo("{\"b\":2,\"a\":null}");
  }

  private static String patched(String document, String patch) {
    return Json.patched(read(document), read(patch)).toString();
  }

  private static ObjectNode read(String text) {
    return Json.read(bytes(text)) instanceof Parsed.Valid<ObjectNode>(ObjectNode object)
        ? object
        : Json.object();
  }

  @Test
  void aFaultInTheTextIsPlacedButNeverQuoted() {
    assertThat(Json.read(bytes("{\"secret\":\n hunter2}")))
        .isInstanceOfSatisfying(
            Parsed.Invalid.class,
            invalid ->
                assertThat(invalid.faults().toString())
                    .contains("line 2")
                    .doesNotContain("hunter2"));
  }

  @Test
  void onlyOneWholeValueInUtf8IsShownAsJson() {
    assertThat(Json.asValue(bytes(" {\"a\": 1.00} "))).hasValue(" {\"a\": 1.00} ");
    assertThat(Json.asValue(bytes("[]"))).isPresent();
    for (String wrong : List.of("", " ", "a=b", "{}{}", "{", "{\"a\":}", "\uFEFF{}")) {
      assertThat(Json.asValue(bytes(wrong))).as(wrong).isEmpty();
    }
    assertThat(Json.asValue(new byte[] {'"', (byte) 0xFF, '"'})).isEmpty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
