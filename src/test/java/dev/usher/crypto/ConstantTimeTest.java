package dev.usher.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConstantTimeTest {
  @Test
  void onlyTheSameBytesAreEqual() {
    byte[] computed = {1, 2, 3};

    assertThat(ConstantTime.equal(computed, new byte[] {1, 2, 3})).isTrue();
    assertThat(ConstantTime.equal(computed, new byte[] {1, 2, 4})).isFalse();
    assertThat(ConstantTime.equal(computed, new byte[] {1, 2})).isFalse();
    assertThat(ConstantTime.equal(computed, new byte[] {1, 2, 3, 0})).isFalse();
    assertThat(ConstantTime.equal(computed, new byte[0])).isFalse();
  }
}
