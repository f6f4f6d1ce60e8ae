package dev.usher.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HexTest {
  @Test
  void everyByteComesBack() {
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    String text = Hex.encode(all);

    assertThat(text).startsWith("000102").endsWith("fdfeff");
    assertThat(Hex.decodeLower(text, 256)).isEqualTo(all);
    assertThat(Hex.decode(text, 256)).isEqualTo(all);
    assertThat(Hex.decode(text.toUpperCase(Locale.ROOT), 256)).isEqualTo(all);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "00f",
        "00f00",
        "00fg",
        "00f ",
        " 0f0",
        "0x0f",
        "00f:",
        "00f/",
        "00f`",
        "-1-1",
        "\u0130\u0130ff",
        "\uff10\uff10ff",
        "\u0660\u0660ff"
      })
  void whatIsNotExactlyTheWantedDigitsIsNull(String text) {
    assertThat(Hex.decodeLower(text, 2)).isNull();
    assertThat(Hex.decode(text, 2)).isNull();
  }

  @Test
  void upperCaseIsReadOnlyWhereItIsAllowedAndThenThroughout() {
    assertThat(Hex.decodeLower("00FF", 2)).isNull();
    assertThat(Hex.decode("00FF", 2)).containsExactly(0, 255);
    assertThat(Hex.decode("00fF", 2)).isNull();
    assertThat(Hex.decode("afA0", 2)).isNull();
  }
}
