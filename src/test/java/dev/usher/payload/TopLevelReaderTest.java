package dev.usher.payload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.payload.Member.Absent;
import dev.usher.payload.Member.Text;
import dev.usher.payload.Member.WrongType;
import dev.usher.payload.TopLevel.Malformed;
import dev.usher.payload.TopLevel.Members;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopLevelReaderTest {
  private static final List<String> WANTED = List.of("id", "type");

  private final TopLevelReader reader = new TopLevelReader();

  @Test
  void theWantedMembersAreFoundWhereverTheyStand() {
    Members members =
        members("{\"a\":[{\"id\":\"no\"}],\"type\":\"t\",\"b\":{},\"id\":\"i\",\"c\":1}");

    assertThat(members.get("id")).isEqualTo(new Text("i"));
    assertThat(members.get("type")).isEqualTo(new Text("t"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        " {} ",
        "\t\r\n{ }\r\n",
        "{\"a\":1}",
        "{\"\":\"\"}",
        "{\"data\":{\"id\":\"x\"}}"
      })
  void whatIsNotThereIsAbsent(String body) {
    assertThat(members(body).get("id")).isEqualTo(new Absent());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1              | a number
          -0.5e300       | a number
          1e999999999    | a number
          true           | a boolean
          false          | a boolean
          null           | null
          {"id":"inner"} | an object
          ["inner"]      | an array
          """)
  void aWantedMemberThatIsNoStringSaysWhatItIs(String value, String found) {
    assertThat(members("{\"id\":" + value + ",\"type\":\"t\"}").get("id"))
        .isEqualTo(new WrongType(found));
    assertThat(members("{\"id\":" + value + ",\"type\":\"t\"}").get("type"))
        .isEqualTo(new Text("t"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id":"a\\u0062c"}        | abc
          {"\\u0069d":"abc"}        | abc
          {"\\u0069\\u0064":"abc"}  | abc
          {"id":"\\"\\\\\\/"}       | "\\/
          {"id":"\\ud83d\\ude00"}   | 😀
          {"id":"😀 Anaïs"}         | 😀 Anaïs
          {"id":"\\u00e9"}          | é
          """)
  void escapesAreUndone(String body, String id) {
    assertThat(members(body).get("id")).isEqualTo(new Text(id));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"a\",\"id\":\"b\"}",
        "{\"id\":\"a\",\"id\":\"a\"}",
        "{\"id\":\"a\",\"\\u0069d\":\"b\"}",
        "{\"i\\u0064\":\"a\",\"id\":\"b\"}",
        "{\"id\":\"a\",\"x\":{\"id\":1},\"id\":\"b\"}",
        "{\"id\":\"a\",\"id\":null}",
        "{\"id\":{},\"id\":\"a\"}",
        "{\"other\":1,\"other\":2}",
        "{\"\":1,\"\":2}",
        "{\"é\":1,\"\\u00e9\":2}",
        "{\"😀\":1,\"\\ud83d\\ude00\":2}",
        "{\"a\\/b\":1,\"a/b\":2}",
        "{\"a name longer than sixteen bytes\":1,\"a name longer than sixteen \\u0062ytes\":2}",
      })
  void aTopLevelMemberThatIsThereTwiceIsRefused(String body) {
    assertMalformed(body).contains("is there twice").contains("near byte");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Id", "ID", "id ", " id", "ıd", "iԁ", "id\\u0000", "i\\u00add"})
  void aNameThatOnlyLooksLikeAnotherIsAnother(String name) {
    assertThat(members("{\"id\":\"a\",\"" + name + "\":\"b\"}").get("id")).isEqualTo(new Text("a"));
  }

  @Test
  void membersInsideOthersMayRepeatWithoutEffect() {
    assertThat(
            members("{\"d\":{\"id\":\"x\",\"id\":\"y\"},\"id\":\"a\",\"e\":[{\"id\":1}]}")
                .get("id"))
        .isEqualTo(new Text("a"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``            | empty
          ` `           | empty
          []            | an array
          [{"id":"a"}]  | an array
          "id"          | a string
          12            | a number
          true          | a boolean
          null          | null
          """)
  void whatIsNoObjectIsRefused(String body, String found) {
    assertMalformed(body).isEqualTo("the body is " + found + "; expected a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}{}", "{} {\"id\":\"a\"}", "{}[]", "{}1", "{}null", "{}\"\""})
  void aSecondValueIsRefused(String body) {
    assertMalformed(body).startsWith("more follows the JSON object");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}}",
        "{},",
        "{}x",
        "{}\u00a0",
        "\u00a0{}",
        "\f{}",
        "{}//",
        "{}/**/",
        "{,}",
        "{\"a\":1,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":'b'}",
        "{\"a\":01}",
        "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":1.}",
        "{\"a\":-}",
        "{\"a\":0x1}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":-Infinity}",
        "{\"a\":True}",
        "{\"a\":nul}",
        "{\"a\":truex}",
        "{\"a\":undefined}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\u0000\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x41\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\'\"}",
        "{\"a\nb\":1}",
        "{\"a\":[1,]}",
        "{\"a\":[,1]}",
        "{\"a\":[1 2]}",
        "{\"a\":[}",
        "{\"a\":{]}",
        "{\"a\":/**/1}",
        "{\"a\":1}#",
        "{null:1}",
        "{1:1}",
        "{[]:1}",
        "{\"d\":{\"a\":\"\\u12g4\"}}",
        "{\"d\":[\"\u0001\"]}",
        "{\"a\"=1}",
        "{\"a\":1;\"b\":2}",
        ")]}'\n{}",
        "abc",
        "<xml/>",
        "id=a&type=b"
      })
  void whatIsNotJsonIsRefusedAndSaysWhere(String body) {
    assertMalformed(body).startsWith("not JSON (near byte ");
  }

  @Test
  void everyBodyCutShortIsRefused() {
    String body = "{\"id\":\"a\\u0062😀\",\"d\":[1.5e3,{\"x\":null}],\"type\":\"t\",\"b\":true}";
    members(body);
    byte[] bytes = body.getBytes(UTF_8);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThat(read(cut)).isInstanceOf(Malformed.class);
    }
  }

  @Test
  void aByteOrderMarkIsRefused() {
    assertMalformed("\ufeff{\"id\":\"a\"}").contains("byte-order mark");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16BE", "UTF-16LE", "UTF-16", "UTF-32BE", "UTF-32LE", "UTF-32"})
  void encodingsOtherThanUtf8AreRefused(String charset) {
    for (String body : new String[] {"{}", "{\"id\":\"a\"}", " {}", "[]", "1"}) {
      assertThat(read(body.getBytes(Charset.forName(charset)))).isInstanceOf(Malformed.class);
    }
  }

  @Test
  void aZeroIsRefusedWhereverItStands() {
    for (String body : new String[] {"{\"id\":\"abc\"}", "{ \"id\" : [ 1 ] } "}) {
      for (int i = 0; i <= body.length(); i++) {
        assertMalformed(body.substring(0, i) + "\u0000" + body.substring(i)).isNotEmpty();
      }
    }
    assertThat(read("\u0000".repeat(8).getBytes(UTF_8))).isInstanceOf(Malformed.class);
    assertThat(read("{}".getBytes(UTF_16LE))).isInstanceOf(Malformed.class);
    assertThat(read("{}".getBytes(UTF_16BE))).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00ff",
        "\u00c0\u00af",
        "\u00ed\u00a0\u0080",
        "\u00e9",
        "\u00f4\u0090\u0080\u0080"
      })
  void illFormedUtf8IsRefusedWhereverItStands(String bytes) {
    for (String body :
        new String[] {"{\"id\":\"%s\"}", "{\"%s\":1}", "{\"d\":{\"x\":\"%s\"}}", "{}%s"}) {
      TopLevel result = read(body.formatted(bytes).getBytes(ISO_8859_1));
      assertThat(result).isInstanceOf(Malformed.class);
      assertThat(result.toString()).contains("byte " + body.indexOf('%') + " is not UTF-8");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\\ud83d", "\\ude00", "a\\ud83db", "\\ude00\\ud83d", "\\ud83d\\ud83d\\ude00"})
  void unpairedSurrogatesAreRefusedInWantedValuesAndInNames(String escaped) {
    assertMalformed("{\"id\":\"" + escaped + "\"}").contains("unpaired surrogate");
    assertMalformed("{\"" + escaped + "\":1}").contains("unpaired surrogate");
    assertThat(members("{\"other\":\"" + escaped + "\",\"id\":\"a\"}").get("id"))
        .isEqualTo(new Text("a"));
  }

  @Test
  void depthIsLimited() {
    for (String[] pair : new String[][] {{"[", "]"}, {"{\"a\":", "}"}}) {
      int inside = TopLevelReader.MAX_DEPTH - 1;
      String core = pair[0].startsWith("{") ? "1" : "";
      String deepest = pair[0].repeat(inside) + core + pair[1].repeat(inside);
      members("{\"d\":" + deepest + "}");
      assertMalformed("{\"d\":" + pair[0] + deepest + pair[1] + "}")
          .startsWith("over a limit")
          .contains("(129) exceeds the maximum allowed (128)")
          .doesNotContain("StreamReadConstraints");
    }
    assertMalformed("{\"d\":" + "[".repeat(500_000)).startsWith("over a limit");
    assertMalformed("[".repeat(500_000)).contains("expected a JSON object");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "-%s", "[%s]", "{\"n\":%s}", "%s.5", "0.%s", "1e%s"})
  void theLengthOfANumberIsLimited(String form) {
    members("{\"d\":" + form.formatted("9".repeat(250)) + "}");
    assertMalformed("{\"d\":" + form.formatted("9".repeat(300)) + "}").startsWith("over a limit");
    assertMalformed("{\"d\":" + form.formatted("9".repeat(500_000)) + "}")
        .startsWith("over a limit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"%s\":1}", "{\"d\":{\"%s\":1}}", "{\"d\":[{\"%s\":1}]}"})
  void theLengthOfANameIsLimited(String form) {
    members(form.formatted("n".repeat(TopLevelReader.MAX_NAME_BYTES)));
    assertMalformed(form.formatted("n".repeat(TopLevelReader.MAX_NAME_BYTES + 5)))
        .startsWith("over a limit");
    assertMalformed(form.formatted("n".repeat(500_000))).startsWith("over a limit");
  }

  @Test
  void theNumberOfMembersIsLimited() {
    String most = numbered(TopLevelReader.MAX_MEMBERS - 1) + ",\"id\":\"a\"";
    assertThat(members("{" + most + "}").get("id")).isEqualTo(new Text("a"));
    assertMalformed("{" + most + ",\"more\":1}").contains("more than 1024 members");
    members("{\"d\":{" + numbered(2_000) + "}}"); // nested ones are not counted
  }

  @Test
  void aRepetitionAmongManyMembersIsFound() {
    for (int count : new int[] {15, 16, 17, 18, 100, 1_000}) {
      for (int repeated : new int[] {0, 7, count - 1}) {
        assertMalformed("{" + numbered(count) + ",\"m" + repeated + "\":1}")
            .contains("'m" + repeated + "' is there twice");
      }
    }
  }

  @Test
  void detailsQuoteLittleOfTheBody() {
    String name = "n".repeat(1_000);
    assertMalformed("{\"" + name + "\":1,\"" + name + "\":2}").hasSizeLessThan(120).contains("…");
    assertMalformed("{\"a\\u0000\\u001b\":1,\"a\\u0000\\u001b\":2}")
        .doesNotContain("\u0000", "\u001b");
    assertMalformed("{\"a\":" + "x".repeat(100_000) + "}").hasSizeLessThan(250);
  }

  @Test
  void aReaderIsNotChangedByWhatItRefuses() {
    for (String body :
        new String[] {"", "[", "{\"id\":\"x\",\"id\"", "{\"id\":\"x\"", "{\"id\":1}}"}) {
      assertMalformed(body).isNotEmpty();
      assertThat(members("{\"type\":\"t\"}").get("id")).isEqualTo(new Absent());
    }
  }

  @Test
  void onlyWantedMembersCanBeAskedFor() {
    assertThatThrownBy(() -> members("{}").get("other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[id, type]");
  }

  private TopLevel read(byte[] body) {
    return reader.read(body, WANTED);
  }

  private Members members(String body) {
    TopLevel result = read(body.getBytes(UTF_8));
    assertThat(result).isInstanceOf(Members.class);
    return (Members) result;
  }

  private AbstractStringAssert<?> assertMalformed(String body) {
    TopLevel result = read(body.getBytes(UTF_8));
    assertThat(result).isInstanceOf(Malformed.class);
    return assertThat(((Malformed) result).detail());
  }

  private static String numbered(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"m" + i + "\":" + i)
        .collect(Collectors.joining(","));
  }
}
