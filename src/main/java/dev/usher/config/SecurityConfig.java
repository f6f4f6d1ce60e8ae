package dev.usher.config;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The two keys everything else hangs on. Either may be null with embedded stores, which then
 * generate them and keep them in the data directory.
 *
 * @param adminKey may do everything in the management API; 16 to 256 visible ASCII characters,
 *     because it travels in a header
 * @param masterKey encrypts stored secrets: the base64 of 32 bytes. Behind it, after commas, up to
 *     four earlier ones that only decrypt, while one replaces the other
 */
public record SecurityConfig(@Nullable Secret adminKey, @Nullable Secret masterKey) {
  /** Bytes of the master key: AES-256. */
  public static final int MASTER_KEY_BYTES = 32;

  static final String ADMIN_KEY_EXPECTED = "16 to 256 visible ASCII characters";
  static final String MASTER_KEY_EXPECTED =
      "32 bytes in base64 (openssl rand -base64 32 makes one)";

  private static final int MOST_MASTER_KEYS = 5;

  private static final Pattern ADMIN_KEY = Pattern.compile("[!-~]{16,256}");

  public SecurityConfig {
    new Limits()
        .that(
            adminKey == null || ADMIN_KEY.matcher(adminKey.text()).matches(),
            "admin.key",
            "(hidden)",
            ADMIN_KEY_EXPECTED)
        .that(
            masterKey == null || areMasterKeys(masterKey),
            "master.key",
            "(hidden)",
            MASTER_KEY_EXPECTED)
        .check();
  }

  /**
   * The master keys: the first encrypts, each of them decrypts.
   *
   * @throws IllegalStateException where none is given
   */
  public List<byte[]> masterKeys() {
    if (masterKey == null) {
      throw new IllegalStateException("the configuration was not checked"); // UsherConfig does
    }
    return each(masterKey).map(Secret::base64Bytes).toList();
  }

  private static Stream<Secret> each(Secret list) {
    return Stream.of(list.text().split(",", -1)).map(key -> new Secret(key.strip()));
  }

  private static boolean areMasterKeys(Secret list) {
    List<Secret> keys = each(list).toList();
    return keys.size() <= MOST_MASTER_KEYS
        && keys.stream().allMatch(SecurityConfig::isMasterKey)
        && keys.stream().distinct().count() == keys.size();
  }

  private static boolean isMasterKey(Secret secret) {
    try {
      return secret.base64Bytes().length == MASTER_KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
