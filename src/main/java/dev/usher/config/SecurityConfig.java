package dev.usher.config;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The two keys everything else hangs on. Either may be null with embedded stores, which then
 * generate them and keep them in the data directory.
 *
 * @param adminKey may do everything in the management API; 16 to 256 visible ASCII characters,
 *     because it travels in a header
 * @param masterKey encrypts stored secrets; the base64 of 32 bytes
 */
public record SecurityConfig(@Nullable Secret adminKey, @Nullable Secret masterKey) {
  /** Bytes of the master key: AES-256. */
  public static final int MASTER_KEY_BYTES = 32;

  static final String ADMIN_KEY_EXPECTED = "16 to 256 visible ASCII characters";
  static final String MASTER_KEY_EXPECTED =
      "32 bytes in base64 (openssl rand -base64 32 makes one)";

  private static final Pattern ADMIN_KEY = Pattern.compile("[!-~]{16,256}");

  public SecurityConfig {
    new Limits()
        .that(
            adminKey == null || ADMIN_KEY.matcher(adminKey.text()).matches(),
            "admin.key",
            "(hidden)",
            ADMIN_KEY_EXPECTED)
        .that(
            masterKey == null || isMasterKey(masterKey),
            "master.key",
            "(hidden)",
            MASTER_KEY_EXPECTED)
        .check();
  }

  private static boolean isMasterKey(Secret secret) {
    try {
      return secret.base64Bytes().length == MASTER_KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
