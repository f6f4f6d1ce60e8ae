package dev.usher.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrettyJsonTest {
  @Test
  void onlyTheSpaceBetweenValuesChanges() {
    assertThat(PrettyJson.of("{\"a\":1.50,  \"b\":[1e5,{}],\"c\":\"x\\\", {y}\"}"))
        .isEqualTo(
            """
            {
              "a": 1.50,
              "b": [
                1e5,
                {}
              ],
              "c": "x\\", {y}"
            }\
            """);
  }

  @Test
  void whatIsNoJsonComesOutAndNeverFails() {
    for (String text : new String[] {"", "\"", "\"\\", "}}]", "{", "[ ", "a,b"}) {
      assertThat(PrettyJson.of(text)).isNotNull();
    }
  }
}
