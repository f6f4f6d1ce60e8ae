package dev.usher.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          b=2&a=1           | a1b2
          a=1&a=0&a=1       | a0a1
          a=&b              | ab
          a=1=2             | a1=2
          &&a=1&            | a1
          a=1+2%2B%33       | a1 2+3
          %61=%c3%A9        | aé
          a=é               | aé
          =1                | 1
          """)
  void namesAndValuesAreDecodedAndSorted(String body, String joined) {
    Form form = requireNonNull(Form.parse(body.getBytes(UTF_8)));
    assertThat(new String(form.joined(), UTF_8)).isEqualTo(joined);
  }

  @Test
  void anEmptyBodyIsAnEmptyForm() {
    assertThat(requireNonNull(Form.parse(new byte[0])).parameters()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=%",
        "a=%4",
        "%=a",
        "a=%4g",
        "a=%g4",
        "a=%+1",
        "a=%ff",
        "\u00e9=1",
        "a=%ed%a0%80"
      })
  void whatIsNotUtf8OrEndsInAnEscapeIsNoForm(String latin1) {
    assertThat(Form.parse(latin1.getBytes(ISO_8859_1))).isNull();
  }

  @Test
  void aFormHasALimitOfParametersBecauseTheyAreSorted() {
    String most = "a=1&".repeat(Form.MAX_PARAMETERS);
    assertThat(Form.parse(most.getBytes(UTF_8))).isNotNull();
    assertThat(Form.parse((most + "a=1").getBytes(UTF_8))).isNull();
  }

  @Test
  void onlyIsTheOneValueThatThereIs() {
    Form form = requireNonNull(Form.parse("a=1&b=1&b=2&c=1&c=1".getBytes(UTF_8)));
    assertThat(form.only("a")).isEqualTo("1");
    assertThat(form.only("b")).isNull();
    assertThat(form.only("c")).isEqualTo("1");
    assertThat(form.only("d")).isNull();
  }
}
