package dev.usher.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
  @Test
  void everyCodePointIsAcceptedButSurrogates() {
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
        assertThat(Utf8.isWellFormed(Character.toString(codePoint).getBytes(UTF_8))).isTrue();
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "80",
        "bf", // continuations alone
        "c080",
        "c1bf",
        "e08080",
        "e09fbf",
        "f0808080",
        "f08fbfbf", // overlong
        "eda080",
        "edbfbf",
        "eda0bdedb880", // surrogates, also as a pair
        "f4908080",
        "f5808080",
        "f7bfbfbf",
        "f888808080",
        "fc8480808080", // beyond U+10FFFF
        "fe",
        "ff",
        "feff",
        "fffe",
        "c3",
        "e282",
        "f09f98",
        "e2",
        "f09f", // cut off
        "c328",
        "e228a1",
        "e28228",
        "f0289f98",
        "f09f2898",
        "f09f9828", // interrupted
        "e2c2a1",
        "c3c3a9"
      })
  void whatIsNotUtf8IsFoundWhereverItStands(String hex) {
    byte[] malformed = HexFormat.of().parseHex(hex);
    for (int before = 0; before < 20; before++) {
      for (int after = 0; after < 20; after++) {
        byte[] bytes = ("x".repeat(before) + "y".repeat(malformed.length + after)).getBytes(UTF_8);
        System.arraycopy(malformed, 0, bytes, before, malformed.length);
        assertThat(Utf8.firstMalformed(bytes)).isEqualTo(before);
      }
    }
  }

  @Test
  void theAnswerIsTheJdksForRandomBytes() {
    Random random = new Random(42);
    byte[][] pieces = new byte[12][];
    String[] hex = {
      "61",
      "c3a9",
      "e282ac",
      "f09f9880",
      "80",
      "c3",
      "ed9fbf",
      "ee8080",
      "eda080",
      "f48fbfbf",
      "f4908080",
      "6162636465666768"
    };
    for (int i = 0; i < hex.length; i++) {
      pieces[i] = HexFormat.of().parseHex(hex[i]);
    }
    for (int round = 0; round < 50_000; round++) {
      ByteBuffer bytes = ByteBuffer.allocate(128);
      for (int i = random.nextInt(12); i > 0; i--) {
        bytes.put(pieces[random.nextInt(random.nextBoolean() ? 4 : pieces.length)]);
      }
      byte[] whole = new byte[bytes.flip().remaining()];
      bytes.get(whole);
      assertThat(Utf8.isWellFormed(whole)).isEqualTo(jdkAccepts(whole));
    }
  }

  @Test
  void onlyPairedSurrogatesAreEncodable() {
    assertThat(Utf8.isEncodable("")).isTrue();
    assertThat(Utf8.isEncodable("a\ud83d\ude00b")).isTrue();
    assertThat(Utf8.isEncodable("\ud83d")).isFalse();
    assertThat(Utf8.isEncodable("a\ud83db")).isFalse();
    assertThat(Utf8.isEncodable("\ude00\ud83d")).isFalse();
    assertThat(Utf8.isEncodable("\ud83d\ude00\ude00")).isFalse();
  }

  private static boolean jdkAccepts(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)); // reports what is malformed
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
