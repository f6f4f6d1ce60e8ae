package dev.usher.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text form of sizes in bytes: a whole number alone or with {@code KiB} or {@code MiB}, for
 * example {@code 65536} or {@code 1MiB}.
 */
final class Sizes {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,10})(KiB|MiB|)");
  private static final int KIB = 1024;
  private static final int MIB = 1024 * 1024;

  private Sizes() {}

  static int kibibytes(int number) {
    return Math.multiplyExact(number, KIB);
  }

  static int mebibytes(int number) {
    return Math.multiplyExact(number, MIB);
  }

  /**
   * Reads a size, in bytes.
   *
   * @throws IllegalArgumentException where {@code text} is no size, or one of 2 GiB or more
   */
  static int parse(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (matcher.matches()) {
      int unit =
          switch (matcher.group(2)) {
            case "KiB" -> KIB;
            case "MiB" -> MIB;
            default -> 1;
          };
      long bytes = Long.parseLong(matcher.group(1)) * unit;
      if (bytes <= Integer.MAX_VALUE) {
        return (int) bytes;
      }
    }
    throw new IllegalArgumentException("'" + text + "' is not a size such as 512KiB or 16MiB");
  }

  static String format(int bytes) {
    if (bytes >= MIB && bytes % MIB == 0) {
      return bytes / MIB + "MiB";
    }
    return bytes >= KIB && bytes % KIB == 0 ? bytes / KIB + "KiB" : Integer.toString(bytes);
  }
}
