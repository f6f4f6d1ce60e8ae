package dev.usher.payload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.usher.payload.TopLevel.Malformed;
import dev.usher.payload.TopLevel.Members;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One verdict and the same values as Jackson's, whatever the body. */
class TopLevelReaderDifferentialTest {
  private static final List<String> WANTED =
      List.of("id", "type", "data", "", "é", "😀", "a\nb", "webhook_event_uuid", "event_type");
  private static final Member ABSENT = new Member.Absent();
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

  private final TopLevelReader reader = new TopLevelReader();
  private final JacksonReader jackson = new JacksonReader();
  private int read;
  private int refused;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void generatedBodiesAreReadAsJacksonReadsThem(long seed) throws IOException {
    RandomBodies bodies = new RandomBodies(seed);
    for (int i = 0; i < 5_000; i++) {
      assertSame(bodies.next());
    }
    assertThat(read).isGreaterThan(3_000);
    assertThat(refused).isGreaterThan(100); // over a limit, or a name twice
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6, 7, 8})
  void damagedBodiesAreReadAsJacksonReadsThem(long seed) throws IOException {
    RandomBodies bodies = new RandomBodies(seed);
    for (int i = 0; i < 3_000; i++) {
      byte[] body = bodies.next();
      for (int j = 0; j < 10; j++) {
        assertSame(bodies.damaged(body));
      }
    }
    assertThat(read).isGreaterThan(5_000);
    assertThat(refused).isGreaterThan(10_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"invoice.purchase", "invoice.refund", "webhook.test"})
  void damagedSamplesAreReadAsJacksonReadsThem(String sample) throws IOException {
    byte[] body;
    try (InputStream in =
        getClass().getResourceAsStream("/dev/usher/samples/" + sample + ".json")) {
      body = requireNonNull(in).readAllBytes();
    }
    RandomBodies bodies = new RandomBodies(sample.hashCode());
    for (int i = 0; i < 5_000; i++) {
      assertSame(bodies.damaged(body));
    }
    for (int length = 0; length <= body.length; length++) {
      assertSame(Arrays.copyOf(body, length));
    }
  }

  /** A body that has everything in it: names, escapes, two to four bytes a character, numbers. */
  @Test
  void everyByteReplacedByEveryOtherIsReadAsJacksonReadsIt() throws IOException {
    byte[] body =
        """
        { "id":"a\\u00e9\\ud83d\\ude00\\n b","é":[-1.5e+3,0,true,{"x":null}] ,
        "😀":"€"}
        """
            .getBytes(UTF_8);
    for (int at = 0; at < body.length; at++) {
      byte[] changed = body.clone();
      for (int value = 0; value < 256; value++) {
        changed[at] = (byte) value;
        assertSame(changed);
      }
    }
    assertThat(read).isGreaterThan(1_000);
  }

  @Test
  void everyShortSequenceOfTokensIsReadAsJacksonReadsIt() {
    String[] tokens = {"{", "}", "[", "]", ",", ":", "\"a\"", "\"\\u0061\"", "0", "null", " "};
    sequences(tokens, 5, tail -> assertSame("{" + tail));
    sequences(tokens, 4, value -> assertSame("{\"id\":" + value + "}"));
    assertThat(read).isGreaterThan(100);
  }

  @Test
  void everyShortStringIsReadAsJacksonReadsIt() {
    String[] parts = {
      "\\", "\"", "\\u", "d83d", "\\ude00", "0", "n", "x", "\u0001", "é", "😀", "abcdefg"
    };
    sequences(parts, 4, text -> assertSame("{\"id\":\"" + text + "\"}"));
    sequences(parts, 4, text -> assertSame("{\"" + text + "\":{}}"));
    assertThat(read).isGreaterThan(1_000);
  }

  @Test
  void aNumberIsWhatTheGrammarOfNumbersAllows() {
    String[] parts = {"-", "+", ".", "e", "E", "0", "1", "23"};
    sequences(
        parts,
        6,
        number -> {
          byte[] body = ("{\"id\":" + number + "}").getBytes(UTF_8);
          if (reader.read(body, WANTED) instanceof Members != NUMBER.matcher(number).matches()) {
            fail("judged otherwise: " + number);
          }
        });
  }

  @Test
  void everyPairOfBytesInAStringIsReadAsJacksonReadsIt() throws IOException {
    byte[] body = "{\"id\":\"12\"}".getBytes(UTF_8);
    for (int pair = 0; pair < 65_536; pair++) {
      body[7] = (byte) (pair >> 8);
      body[8] = (byte) pair;
      assertSame(body);
    }
  }

  /** Eight bytes are read at once: what is odd must be seen at each place among them. */
  @Test
  void everyByteIsSeenWhereverItStandsInAString() throws IOException {
    for (int before = 0; before < 18; before++) {
      for (int after = 0; after < 18; after++) {
        String body = "{\"" + "b".repeat(before) + "?" + "a".repeat(after) + "\":\"!\"}";
        byte[] bytes = body.getBytes(UTF_8);
        for (int value = 0; value < 256; value++) {
          bytes[2 + before] = (byte) value;
          assertSame(bytes);
        }
      }
    }
  }

  private void assertSame(String body) {
    try {
      assertSame(body.getBytes(UTF_8));
    } catch (IOException e) {
      throw new AssertionError(body, e);
    }
  }

  private void assertSame(byte[] body) throws IOException {
    Map<String, Member> expected = jackson.read(body);
    switch (reader.read(body, WANTED)) {
      case Malformed(String detail) -> {
        refused++;
        if (expected != null && !holdsUnpairedSurrogate(expected)) {
          fail("refused for '%s': %s", detail, text(body));
        }
      }
      case Members members -> {
        read++;
        if (expected == null || holdsUnpairedSurrogate(expected)) {
          fail("read: %s", text(body));
        } else {
          assertSame(members, expected, body);
        }
      }
    }
  }

  private static void assertSame(Members members, Map<String, Member> expected, byte[] body) {
    for (String name : WANTED) {
      Member other = expected.getOrDefault(name, ABSENT);
      if (!members.get(name).equals(other)) {
        fail("%s is %s, not %s: %s", name, members.get(name), other, text(body));
      }
    }
  }

  private static boolean holdsUnpairedSurrogate(Map<String, Member> members) {
    return WANTED.stream()
        .map(members::get)
        .anyMatch(member -> member instanceof Member.Text(String text) && !Utf8.isEncodable(text));
  }

  private static void sequences(String[] parts, int most, Consumer<String> each) {
    for (String part : parts) {
      each.accept(part);
      if (most > 1) {
        sequences(parts, most - 1, rest -> each.accept(part + rest));
      }
    }
  }

  private static String text(byte[] body) {
    return new String(body, ISO_8859_1);
  }
}
