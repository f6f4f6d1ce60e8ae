package dev.usher.payload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MemberNamesTest {
  private final MemberNames names = new MemberNames();

  @Test
  void aNameIsAddedOnce() {
    assertThat(add("id")).isTrue();
    assertThat(add("i")).isTrue();
    assertThat(add("")).isTrue();
    assertThat(add("id")).isFalse();
    assertThat(add("")).isFalse();
    assertThat(names.count()).isEqualTo(3);
  }

  @Test
  void aNameIsKeptWhenTheArrayItCameInChanges() {
    byte[] source = "abc".getBytes(UTF_8);
    assertThat(names.add(source, 1, 2)).isTrue();
    source[1] = 'x';
    assertThat(add("b")).isFalse();
    assertThat(add("x")).isTrue();
  }

  @Test
  void nothingIsLeftOfTheBodyBefore() {
    for (int body = 0; body < 5; body++) {
      for (int i = 0; i <= TopLevelReader.MAX_MEMBERS; i++) { // one too many can be added
        assertThat(add("m".repeat(1_000) + i)).isTrue();
      }
      assertThat(add("m".repeat(1_000) + 77)).isFalse();
      names.clear();
      assertThat(names.count()).isZero();
    }
  }

  @Test
  void theAnswersAreThoseOfASet() {
    Random random = new Random(3);
    for (int body = 0; body < 300; body++) {
      Set<String> set = new HashSet<>();
      int different = 1 + random.nextInt(400);
      for (int i = 0; i < 600; i++) {
        String name = Integer.toString(random.nextInt(different), 2);
        assertThat(add(name)).isEqualTo(set.add(name));
      }
      assertThat(names.count()).isEqualTo(set.size());
      names.clear();
    }
  }

  private boolean add(String name) {
    byte[] source = ("\"" + name + "\":").getBytes(UTF_8);
    return names.add(source, 1, source.length - 2);
  }
}
