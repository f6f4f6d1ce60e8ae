package dev.usher.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;

/** The text that a JSON string stands for. */
final class JsonText {
  private JsonText() {}

  /**
   * Undoes the escapes of the string whose content, without its quotes, is at {@code start} to
   * {@code end}. Escaped surrogates come out as they stand there, paired or not.
   *
   * @param bytes a body of which {@link JsonGrammar} has skipped this string
   */
  static String decode(byte[] bytes, int start, int end) {
    StringBuilder text = new StringBuilder(end - start);
    int run = start; // what stands for itself from here on is not yet in the text
    int at = start;
    while (at < end) {
      if (bytes[at] != '\\') {
        at++;
        continue;
      }
      text.append(new String(bytes, run, at - run, UTF_8));
      if (bytes[at + 1] == 'u') {
        text.append((char) hexadecimal(bytes, at + 2));
        at += 6;
      } else {
        text.append(unescaped(bytes[at + 1]));
        at += 2;
      }
      run = at;
    }
    return text.append(new String(bytes, run, end - run, UTF_8)).toString();
  }

  private static int hexadecimal(byte[] bytes, int start) {
    int value = 0;
    for (int at = start; at < start + 4; at++) {
      value = value << 4 | HexFormat.fromHexDigit(bytes[at]);
    }
    return value;
  }

  private static char unescaped(byte letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> (char) letter; // the quote, the backslash and the slash
    };
  }
}
