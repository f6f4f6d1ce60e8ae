package dev.usher.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Another gateway holds the data directory. */
public final class DataDirectoryInUse extends StoreFailure {
  private static final long serialVersionUID = 1;

  /**
   * @param holder the id of the process that holds it; null where it did not say
   */
  DataDirectoryInUse(Path directory, @Nullable String holder) {
    super(
        "the data directory %s is in use by %s: stop it, or set USHER_DATA_DIR to another directory"
            .formatted(directory, holder == null ? "another process" : "process " + holder));
  }
}
