package dev.usher.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of the Redis Cluster specification. */
class RedisSlotsTest {
  @Test
  void theKnownAnswer() {
    assertThat(slot("123456789")).isEqualTo(0x31c3);
  }

  @ParameterizedTest
  @CsvSource({
    "{user1000}.following, {user1000}.followers",
    "{user1000}.following, user1000",
    "foo{{bar}}zap, {bar",
    "foo{bar}{zap}, bar"
  })
  void whatIsInBracesDecides(String key, String same) {
    assertThat(slot(key)).isEqualTo(slot(same));
  }

  @ParameterizedTest
  @CsvSource({"foo{}{bar}, bar", "foo{bar, bar", "foo}bar{, bar"})
  void otherwiseTheWholeKeyDecides(String key, String part) {
    assertThat(slot(key)).isNotEqualTo(slot(part));
  }

  private static int slot(String key) {
    return RedisSlots.slotOf(key.getBytes(US_ASCII));
  }
}
