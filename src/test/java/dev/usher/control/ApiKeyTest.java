package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.ApiKeyId;
import dev.usher.event.UuidV7;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApiKeyTest {
  private final ApiKey key =
      ApiKey.random(new ApiKeyId(UuidV7.unguessable(InstantSource.system())));

  @Test
  void aKeyNamesItsId() {
    assertThat(ApiKey.parse(key.text())).isEqualTo(key);
    assertThat(key.text()).hasSize(6 + 26 + 1 + 43).contains(key.id().toString().substring(4));
  }

  @Test
  void whatHasNotTheFormOfAKeyIsNone() {
    String text = key.text();
    for (String wrong :
        List.of(
            "",
            "usher_",
            text + "A",
            text.substring(1),
            text.toUpperCase(java.util.Locale.ROOT),
            text.replace("usher_", "other_"),
            text.substring(0, text.length() - 1) + "+")) {
      assertThat(ApiKey.parse(wrong)).as(wrong).isNull();
    }
  }

  @Test
  void aKeyIsNotShownInLogs() {
    assertThat(key.toString()).doesNotContain(key.text().substring(33));
  }
}
