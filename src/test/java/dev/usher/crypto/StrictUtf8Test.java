package dev.usher.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictUtf8Test {
  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "Anaïs", "😀", "a😀b", "\ud7ff\ue000", "?"})
  void textIsEncoded(String text) {
    assertThat(StrictUtf8.encode(text)).isEqualTo(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83d", "\ude00", "a\ud83d", "\ud83da", "\ude00\ud83d", "😀\ud83d"})
  void anUnpairedSurrogateDoesNotBecomeAQuestionMark(String text) {
    assertThatThrownBy(() -> StrictUtf8.encode(text)).hasMessageContaining("unpaired surrogate");
  }
}
