package dev.usher.payload;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlainTextTest {
  @Test
  void everyByteIsJudgedAtEveryPlaceOfEveryLength() {
    for (int length = 0; length < 27; length++) {
      byte[] bytes = "x".repeat(length).getBytes(US_ASCII);
      for (int at = 0; at < length; at++) {
        for (int value = 0; value < 256; value++) {
          bytes[at] = (byte) value;
          for (int start = 0; start <= length; start++) {
            int end = !isPlain(value) && start <= at ? at : length;
            if (PlainText.end(bytes, start) != end) {
              fail("0x%02X at %d of %d, from %d on", value, at, length, start);
            }
          }
        }
        bytes[at] = 'x';
      }
    }
  }

  @Test
  void theFirstOfManyIsFound() {
    Random random = new Random(11);
    byte[] bytes = new byte[40];
    for (int round = 0; round < 20_000; round++) {
      random.nextBytes(bytes);
      int plain = random.nextInt(bytes.length);
      Arrays.fill(bytes, 0, plain, (byte) (random.nextBoolean() ? ' ' : '~'));
      int end = 0;
      while (end < bytes.length && isPlain(bytes[end] & 0xFF)) {
        end++;
      }
      assertThat(PlainText.end(bytes, 0)).isEqualTo(end);
    }
  }

  private static boolean isPlain(int value) {
    return value >= 0x20 && value < 0x80 && value != '"' && value != '\\';
  }
}
