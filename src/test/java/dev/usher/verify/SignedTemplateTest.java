package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.crypto.Hmac;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedTemplateTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {body}                      | BBB
          {timestamp}.{body}          | 123.BBB
          {timestamp}{body}           | 123BBB
          {body}{timestamp}           | BBB123
          v0:{timestamp}:{body}       | v0:123:BBB
          {id}.{timestamp}.{body}     | ID.123.BBB
          {body} after {id}           | BBB after ID
          id={id}&t={timestamp}&{body}| id=ID&t=123&BBB
          """)
  void placeholdersAreFilledIn(String text, String signed) {
    SignedTemplate template = requireNonNull(SignedTemplate.parse(text));
    Hmac hmac = Hmac.sha256(bytes("k"));

    assertThat(template.sign(hmac, bytes("BBB"), bytes("ID"), bytes("123")))
        .isEqualTo(hmac.sign(bytes(signed)));
    assertThat(template.signsId()).isEqualTo(text.contains("{id}"));
    assertThat(template.signsTimestamp()).isEqualTo(text.contains("{timestamp}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{id}",
        "{timestamp}",
        "body",
        "{body}{body}",
        "{body}.{body}",
        "{timestamp}.{timestamp}.{body}",
        "{id}.{id}.{body}",
        "{id}{body}",
        "{body}{id}",
        "{id}{timestamp}.{body}",
        "{timestamp}{id}.{body}",
        "{timestamp}0{body}",
        "1{timestamp}.{body}",
        "{body}7{timestamp}",
        "{Body}",
        "{url}{body}",
        "{body",
        "body}",
        "{{body}}",
        "{body}}",
        "é{body}",
        "{body}\u0000",
        "{body}\r"
      })
  void whatCouldBeReadInTwoWaysIsNoTemplate(String text) {
    assertThat(SignedTemplate.parse(text)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {id}.{body}            | a-1  | true
          {id}.{body}            | a.1  | false
          {id}::{body}           | a:1  | false
          v.{id}:{body}          | a.1  | true
          v.{id}:{body}          | a:1  | false
          {timestamp}.{id}:{body}| a.1  | false
          {timestamp}.{id}:{body}| a:1  | false
          {timestamp}.{id}:{body}| a-1  | true
          {body}.{id}            | a.1  | false
          {body}.{id}!           | a!1  | true
          {body}                 | a.1  | true
          {timestamp}.{body}     | a.1  | true
          """)
  void anIdStaysClearOfItsNeighbours(String text, String id, boolean admitted) {
    assertThat(requireNonNull(SignedTemplate.parse(text)).admitsId(id)).isEqualTo(admitted);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
