package dev.usher.architecture;

import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test while which Vert.x reported a blocked thread, or the class where the report came
 * after its last test. JUnit finds it by itself ({@code META-INF/services}), so no test can forget
 * it.
 */
public final class BlockedThreadCheck implements AfterEachCallback, AfterAllCallback {
  @Override
  public void afterEach(ExtensionContext context) {
    check();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    check();
  }

  static void check() {
    List<String> warnings = BlockedThreads.take();
    if (!warnings.isEmpty()) {
      throw new AssertionError("an event loop was blocked: " + String.join("; ", warnings));
    }
  }
}
