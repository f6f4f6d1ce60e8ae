package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.testing.ChildJvm;
import dev.usher.testing.Signals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code usher serve} as a newcomer starts it: without stores, on a directory of its own. */
class ServeIT {
  @TempDir private Path directory;

  @Test
  void whatItSaysWhereTheAdminKeyIsHoldsOnTheNextStartToo() throws Exception {
    String first = keyOfOneRun();
    assertThat(first).hasSizeGreaterThanOrEqualTo(16);
    assertThat(keyOfOneRun()).isEqualTo(first);
  }

  private String keyOfOneRun() throws Exception {
    Map<String, String> environment =
        Map.of(
            "USHER_DATA_DIR", directory.toString(),
            "USHER_INGRESS_HOST", "127.0.0.1",
            "USHER_INGRESS_PORT", "0",
            "USHER_CONTROL_PORT", "0",
            "USHER_MANAGEMENT_PORT", "0");
    try (ChildJvm serve = ChildJvm.start(environment, Main.class, "serve")) {
      Path key = Path.of(serve.await("  admin key   in "));
      assertThat(key).isRegularFile();
      String text = Files.readString(key).strip();
      Signals.send("TERM", serve.pid());
      assertThat(serve.awaitExit()).isZero();
      return text;
    }
  }
}
