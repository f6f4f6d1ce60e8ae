package dev.usher.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonGrammarTest {
  private static final List<String> WANTED = List.of("v");
  private static final Pattern CASE =
      Pattern.compile("(reads|refuses) +(value|body) +(\\S+) *(.*)");
  private static final Pattern TEXT = Pattern.compile("<([0-9A-F]{2})>|[^<]");

  private final TopLevelReader reader = new TopLevelReader();

  @TestFactory
  List<DynamicTest> everyCaseIsJudgedAsItIsWritten() throws IOException {
    List<DynamicTest> tests =
        cases()
            .lines()
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .map(this::judged)
            .toList();
    assertThat(tests).hasSizeGreaterThan(280);
    return tests;
  }

  private DynamicTest judged(String line) {
    Matcher parts = CASE.matcher(line);
    assertThat(parts.matches()).as(line).isTrue();
    boolean reads = parts.group(1).equals("reads");
    byte[] text = bytes(parts.group(4));
    List<byte[]> bodies =
        parts.group(2).equals("body")
            ? List.of(text)
            : List.of(around("{\"v\":", text, "}"), around("{\"w\":[[],", text, "],\"v\":1}"));
    return DynamicTest.dynamicTest(
        parts.group(3),
        () -> {
          for (byte[] body : bodies) {
            assertThat(reader.read(body, WANTED) instanceof TopLevel.Members)
                .as(new String(body, UTF_8))
                .isEqualTo(reads);
          }
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"a":1;         | (near byte 6): found ';'; expected ',' or '}'
          {"a":[1}        | (near byte 7): found '}'; expected ',' or ']'
          {"a" 1}         | (near byte 5): found '1'; expected ':'
          {"a":'b'}       | (near byte 5): found '''; expected a value
          {"a":1,}        | (near byte 7): found '}'; expected a member's name in double quotes
          {"a":-x}        | (near byte 6): found 'x'; expected a digit
          {"a":01}        | (near byte 6): found '1'; expected ',' or '}'
          {"a":nil}       | (near byte 6): found 'i'; expected the literal null
          {"a":"b\tc"}    | (near byte 7): found 0x09; expected control characters escaped
          {"a":"\\x"}     | (near byte 7): found 'x'; expected one of "\\/bfnrtu after a backslash
          {"a":"\\u00g0"} | (near byte 10): found 'g'; expected four hexadecimal digits after \\u
          {"a":é}         | (near byte 5): found 0xC3; expected a value
          {}x             | (near byte 2): found 'x'; expected nothing after the JSON object
          nil             | (near byte 1): found 'i'; expected the literal null
          """)
  void whatIsNotJsonSaysWhereAndWhatWasExpected(String body, String detail) {
    assertThat(reader.read(body.getBytes(UTF_8), WANTED))
        .isEqualTo(new TopLevel.Malformed("not JSON " + detail));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {} []           | more follows the JSON object (near byte 3)
          {"a":[{"b       | the body ends before its JSON object does
          {"b":1,"b":2}   | the member 'b' is there twice; expected it once (near byte 9)
          {"v":"\\ud800"} | 'v' holds an unpaired surrogate (near byte 13)
          """)
  void otherFaultsSayWhere(String body, String detail) {
    assertThat(reader.read(body.getBytes(UTF_8), WANTED)).isEqualTo(new TopLevel.Malformed(detail));
  }

  /** It explains whatever else is wrong before it. */
  @Test
  void whatIsNotUtf8IsToldFirst() {
    assertThat(reader.read(bytes("{x<FF>"), WANTED))
        .isEqualTo(new TopLevel.Malformed("byte 2 is not UTF-8; expected JSON in UTF-8"));
    assertThat(reader.read(bytes("[{}]<FF>"), WANTED))
        .isEqualTo(new TopLevel.Malformed("byte 4 is not UTF-8; expected JSON in UTF-8"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1", "1.5", "0.0", "1e1", "-0.1E+1"})
  void aNumberHas256CharactersAtMost(String number) {
    String longest = number + "0".repeat(TopLevelReader.MAX_NUMBER_LENGTH - number.length());
    assertReads("{\"v\":" + longest + "}");
    assertOverLimit("{\"v\":" + longest + "0}", "number length (257)");
    assertOverLimit("{\"w\":[" + longest + "0]}", "number length (257)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"n", "é", "€", "😀", "\\u0061", "\\u00e9", "\\u20AC", "\\ud83d\\ude00", "\\/"})
  void aNameHas1024BytesAtMostAfterUnescaping(String character) {
    byte[] escaped = character.getBytes(UTF_8);
    int bytes = JsonText.decode(escaped, 0, escaped.length).getBytes(UTF_8).length;
    String longest = character.repeat(TopLevelReader.MAX_NAME_BYTES / bytes);
    longest += "x".repeat(TopLevelReader.MAX_NAME_BYTES % bytes);
    for (String form : List.of("{\"%s\":1}", "{\"w\":{\"%s\":1}}", "{\"w\":[{\"%s\":1}]}")) {
      assertReads(form.formatted(longest));
      assertOverLimit(form.formatted(longest + "x"), "name length (1025)");
    }
  }

  @Test
  void aBodyOfAMebibyteIsRead() {
    String item = "{\"name\":\"Anaïs O'Neil \\u00e9\\n\",\"n\":[1,-2.5e3,true,null]},";
    assertReads("{\"w\":[" + item.repeat((1 << 20) / item.length()) + "{}],\"v\":\"x\"}");
    assertReads("{\"v\":\"" + "x".repeat(1 << 20) + "\"}");
    assertReads("{" + " ".repeat(1 << 20) + "}");
  }

  private void assertReads(String body) {
    assertThat(reader.read(body.getBytes(UTF_8), WANTED)).isInstanceOf(TopLevel.Members.class);
  }

  private void assertOverLimit(String body, String detail) {
    assertThat(reader.read(body.getBytes(UTF_8), WANTED).toString())
        .contains("over a limit (near byte ")
        .contains(detail + " exceeds the maximum allowed");
  }

  private String cases() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("json-cases.txt")) {
      return new String(requireNonNull(in).readAllBytes(), UTF_8);
    }
  }

  private static byte[] around(String before, byte[] text, String after) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(before.getBytes(UTF_8));
    whole.writeBytes(text);
    whole.writeBytes(after.getBytes(UTF_8));
    return whole.toByteArray();
  }

  /** Undoes the notation of the cases: {@code <HH>} is a byte, the rest stands for itself. */
  private static byte[] bytes(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Matcher parts = TEXT.matcher(text);
    while (parts.find()) {
      if (parts.group(1) != null) {
        bytes.write(HexFormat.fromHexDigits(parts.group(1)));
      } else {
        bytes.writeBytes(parts.group().getBytes(UTF_8));
      }
    }
    return bytes.toByteArray();
  }
}
