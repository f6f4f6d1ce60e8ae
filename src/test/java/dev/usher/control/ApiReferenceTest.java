package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** With {@code -Dusher.write=true} the page is written anew, and the test passes the next time. */
class ApiReferenceTest {
  private static final Path PAGE = Path.of("docs", "api-reference.md");

  @Test
  void thePageIsMadeFromTheDescriptionAsItIs() throws IOException {
    String made = ApiReference.of(new ApiDescription().document());
    String before = Files.exists(PAGE) ? Files.readString(PAGE) : "";
    if (Boolean.getBoolean("usher.write")) {
      Files.writeString(PAGE, made);
    }
    assertThat(before)
        .as("mvn test -Dtest=ApiReferenceTest -Dusher.write=true writes the page")
        .isEqualTo(made);
  }
}
