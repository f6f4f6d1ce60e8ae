package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RawDataTest {
  @Test
  void dataIsTakenCharacterByCharacterWhereverItStands() {
    String data = "{ \"a\" : 1.50, \"data\": {\"b\": \"}\\\"\u00e9\ud83c\udfad\"} , \"c\": [1e5] }";
    assertThat(RawData.ofEvent("{\"type\":\"t\",\"data\":" + data + "}")).isEqualTo(data);
    assertThat(RawData.ofEvent(" {\"data\" : " + data + " , \"id\":\"\u00e9\"}")).isEqualTo(data);
    assertThat(RawData.ofEvent("{\"x\":{\"data\":{}},\"data\":" + data + "}")).isEqualTo(data);
  }

  @Test
  void longDataIsTakenWhole() {
    String data = "{\"a\":\"" + "\u00e9x".repeat(100_000) + "\"}";
    assertThat(RawData.ofEvent("{\"data\":" + data + ",\"type\":\"t\"}")).isEqualTo(data);
  }

  @Test
  void eachEventOfABatchHasItsOwn() {
    String batch =
        "{\"events\": [{\"data\":{\"n\":1},\"type\":\"a\"}, {\"type\":\"b\",\"data\": {\"n\":"
            + " 2}}]}";
    assertThat(RawData.ofBatch(batch)).isEqualTo(List.of("{\"n\":1}", "{\"n\": 2}"));
  }
}
