package dev.usher.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.usher.payload.TopLevel.Malformed;
import dev.usher.payload.TopLevel.Members;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the body: an answer, never an exception, and the answer of a reader of whole trees. */
class TopLevelReaderFuzzTest {
  private static final List<String> WANTED =
      List.of("id", "event_type", "webhook_event_uuid", "data");
  private static final String[] SPLICES = {
    "\"id\":\"x\",",
    "\"\\u0069d\":1,",
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "\\",
    "\u0000",
    "\ufeff",
    "é",
    "😀",
    "\\ud83d",
    "null",
    "1e5",
    "-",
    "\"data\":{},",
    " ",
    "\n",
    "/*",
    "//",
    "'"
  };

  private final TopLevelReader reader = new TopLevelReader();
  private final ObjectMapper trees =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  @ParameterizedTest
  @ValueSource(strings = {"invoice.purchase", "invoice.transfer", "webhook.test"})
  void aDamagedBodyIsReadAsAWholeReaderReadsItOrRefused(String sample) throws IOException {
    byte[] body;
    try (InputStream in =
        getClass().getResourceAsStream("/dev/usher/samples/" + sample + ".json")) {
      body = requireNonNull(in).readAllBytes();
    }
    Random random = new Random(sample.hashCode());
    int read = 0;
    for (int round = 0; round < 5_000; round++) {
      byte[] damaged = damage(body, random);
      switch (reader.read(damaged, WANTED)) {
        case Malformed(String detail) -> assertThat(detail).isNotEmpty().hasSizeLessThan(300);
        case Members members -> {
          read++;
          assertSame(members, damaged);
        }
      }
    }
    assertThat(read).isBetween(200, 4_800); // both happened often
  }

  private void assertSame(Members members, byte[] body) throws IOException {
    JsonNode tree;
    try {
      tree = trees.readTree(body);
    } catch (IOException e) {
      // Only a member that repeats deeper down, or a number too wild for a tree, is no concern
      // here.
      assertThat(e).hasMessageContainingAll("Duplicate field");
      return;
    }
    for (String name : WANTED) {
      JsonNode node = tree.get(name);
      switch (members.get(name)) {
        case Member.Text(String value) -> assertThat(node.textValue()).isEqualTo(value);
        case Member.WrongType ignored -> assertThat(node.isTextual()).isFalse();
        case Member.Absent ignored -> assertThat(node).isNull();
      }
    }
  }

  private static byte[] damage(byte[] body, Random random) {
    byte[] damaged = body.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(damaged.length + 1);
      if (random.nextInt(4) == 0) {
        at = Math.min(at, 120); // where the wanted members are
      }
      damaged =
          switch (random.nextInt(4)) {
            case 0 -> flip(damaged, Math.min(at, damaged.length - 1), 1 << random.nextInt(8));
            case 1 ->
                splice(damaged, at, SPLICES[random.nextInt(SPLICES.length)].getBytes(UTF_8), 0);
            case 2 -> splice(damaged, at, new byte[0], random.nextInt(4));
            default ->
                splice(damaged, at, new byte[] {(byte) random.nextInt(256)}, random.nextInt(2));
          };
    }
    return damaged;
  }

  private static byte[] flip(byte[] bytes, int at, int mask) {
    byte[] flipped = bytes.clone();
    flipped[at] ^= (byte) mask;
    return flipped;
  }

  private static byte[] splice(byte[] bytes, int at, byte[] inserted, int removed) {
    int rest = Math.min(bytes.length, at + removed);
    byte[] spliced = Arrays.copyOf(bytes, at + inserted.length + bytes.length - rest);
    System.arraycopy(inserted, 0, spliced, at, inserted.length);
    System.arraycopy(bytes, rest, spliced, at + inserted.length, bytes.length - rest);
    return spliced;
  }
}
