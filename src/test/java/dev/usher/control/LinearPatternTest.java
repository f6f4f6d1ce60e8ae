package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearPatternTest {
  @ParameterizedTest
  @CsvSource({
    "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$, 0192a4d0-0000-7000-8000-0123456789ab",
    "'^-?[0-9]{1,10}\\.[0-9]{2}$', -12.50",
    "^[]a{9}]{4}$, ]a9}",
    "^\\p{Lu}+$, ÀB",
  })
  void whatPeopleWriteIsTakenAndMatchesAsUsual(String pattern, String text) {
    assertThat(LinearPattern.compile(pattern).isIn(text)).isTrue();
    assertThat(LinearPattern.compile(pattern).isIn("(" + text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a{1000}){1000}",
        "((a{100}){100}){100}",
        "(((a{30}|b){30}){30}x){2,}",
        "((((((((a{9}){9}){9}){9}){9}){9}){9}){9}){9}",
        "(?:[a-z]{1000}b){0,1000}"
      })
  void whatGrowsWhenItIsWrittenOutIsRefused(String pattern) {
    assertThatIllegalArgumentException().isThrownBy(() -> LinearPattern.compile(pattern));
  }

  @Test
  void whatIsTooLongIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> LinearPattern.compile("a".repeat(501)));
  }
}
