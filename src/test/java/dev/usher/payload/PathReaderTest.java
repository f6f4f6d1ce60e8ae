package dev.usher.payload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.payload.PathValues.Found;
import dev.usher.payload.PathValues.Malformed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathReaderTest {
  private static final List<String> PATHS = List.of("id", "event.type", "event", "a.b.c", "time");

  private final PathReader reader = new PathReader(new TopLevelReader());

  @Test
  void valuesAreFoundAtTheirPathsAndNowhereElse() {
    Found found =
        found(
            "{\"type\":\"x\",\"event\":{\"id\":\"no\",\"type\":\"yes\",\"deep\":{\"type\":1}},"
                + "\"a\":{\"b\":{\"c\":\"\\u00e9\\n\"},\"c\":0},\"more\":[{\"id\":1}]}");
    assertThat(found.member("event.type")).isEqualTo(new Member.Text("yes"));
    assertThat(found.member("event")).isEqualTo(new Member.WrongType("an object"));
    assertThat(found.member("a.b.c")).isEqualTo(new Member.Text("é\n"));
    assertThat(found.member("id")).isEqualTo(new Member.Absent());
    assertThat(found.number("id")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"event":"a"}                  | event.type
          {"event":null}                 | event.type
          {"event":[{"type":"a"}]}       | event.type
          {"event.type":"a"}             | event.type
          {"event":{"Type":"a"}}         | event.type
          {"a":{"b.c":"a"}}              | a.b.c
          {"a.b":{"c":"a"}}              | a.b.c
          """)
  void whatIsNotOnThePathIsAbsent(String body, String path) {
    assertThat(found(body).member(path)).isEqualTo(new Member.Absent());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"event":{"type":"a","type":"b"}}             | 'event.type' is there twice
          {"event":{"type":"a","\\u0074ype":"b"}}       | 'event.type' is there twice
          {"event":{"type":"a"},"event":{"type":"b"}}   | 'event' is there twice
          {"a":{"b":{"c":"a"},"b":{"c":"b"}}}           | 'a.b.c' is there twice
          {"a":{"b":{"c":"a"},"b":{}}}                  | 'a.b' is there twice
          {"event":{"type":"\\ud83d"}}                  | unpaired surrogate
          """)
  void whatCouldBeReadInTwoWaysIsMalformed(String body, String detail) {
    PathValues values = read(body);
    assertThat(values).isInstanceOf(Malformed.class);
    assertThat(((Malformed) values).detail()).contains(detail);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "null", "{", "{\"a\":}", "{} {}", "\uFEFF{}", "{\"a\":1,\"a\":2}"})
  void itIsAsStrictAsTheTopLevelReader(String body) {
    assertThat(read(body)).isInstanceOf(Malformed.class);
    assertThat(new TopLevelReader().read(body.getBytes(UTF_8), List.of()))
        .isInstanceOf(TopLevel.Malformed.class);
  }

  @Test
  void aNumberKeepsItsDigits() {
    assertThat(found("{\"time\":1677611643000}").number("time")).isEqualTo("1677611643000");
    assertThat(found("{\"time\":-1.50e3}").number("time")).isEqualTo("-1.50e3");
    assertThat(found("{\"time\":\"1\"}").number("time")).isNull();
    assertThat(found("{\"time\":true}").number("time")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"time": 12 ,"b":"é"}           | {"time": @ ,"b":"é"}
          {"b":"é","time":"a\\"b\\u00e9"}  | {"b":"é","time":@}
          {"time":[1,{"a":2}],"b":0}      | {"time":@,"b":0}
          {"time":{"a":{"b":"}"}},"b":0}  | {"time":@,"b":0}
          {"time":null}                   | {"time":@}
          {"time":"😀"}                   | {"time":@}
          {"times":1}                     | {"times":1}
          """)
  void aValueCanBeCutOutOrReplaced(String body, String template) {
    Found found = found(body);
    assertThat(new String(found.without("time"), UTF_8)).isEqualTo(template.replace("@", ""));
    assertThat(new String(found.with("time", "{}"), UTF_8)).isEqualTo(template.replace("@", "{}"));
  }

  @Test
  void anObjectThatLeadsToAPathCanBeCutOutToo() {
    Found found = found("{\"event\": {\"type\":\"a\",\"b\":[]} ,\"id\":\"x\"}");
    assertThat(new String(found.without("event"), UTF_8)).isEqualTo("{\"event\":  ,\"id\":\"x\"}");
    assertThat(found.member("id")).isEqualTo(new Member.Text("x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", " \r\n\t[{\"id\":\"a\"}] ", "[{\"a\":1,\"a\":2}]"})
  void anArrayIsTakenWhereItMayBeOne(String body) {
    assertThat(any(body.getBytes(UTF_8))).isInstanceOf(Found.class);
    assertThat(((Found) any(body.getBytes(UTF_8))).member("id")).isEqualTo(new Member.Absent());
    assertThat(read(body)).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "[] []", "[1,]", "[}", "\uFEFF[]", "[\u0000]", "[nul]", "\"a\"", ""})
  void aBrokenArrayIsMalformed(String body) {
    assertThat(any(body.getBytes(UTF_8))).isInstanceOf(Malformed.class);
  }

  @Test
  void anArrayHasTheLimitsOfAnObject() {
    String deep = "[".repeat(TopLevelReader.MAX_DEPTH) + "]".repeat(TopLevelReader.MAX_DEPTH);
    assertThat(any(deep.getBytes(UTF_8))).isInstanceOf(Found.class);
    assertThat(any(("[" + deep + "]").getBytes(UTF_8))).isInstanceOf(Malformed.class);
    String number = "[" + "9".repeat(TopLevelReader.MAX_NUMBER_LENGTH + 1) + "]";
    assertThat(any(number.getBytes(UTF_8))).isInstanceOf(Malformed.class);
    assertThat(any("[\"\u00e9\"]".getBytes(ISO_8859_1))).isInstanceOf(Malformed.class);
    assertThat(any("[]".getBytes(UTF_16LE))).isInstanceOf(Malformed.class);
  }

  private PathValues any(byte[] body) {
    return reader.readObjectOrArray(body, PATHS);
  }

  private PathValues read(String body) {
    return reader.read(body.getBytes(UTF_8), PATHS);
  }

  private Found found(String body) {
    PathValues values = read(body);
    assertThat(values).isInstanceOf(Found.class);
    return (Found) values;
  }
}
