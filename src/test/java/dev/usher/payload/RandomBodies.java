package dev.usher.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Random;

/** Writes JSON objects of every shape, and damages bodies; the same ones for the same seed. */
final class RandomBodies {
  private static final String[] NAMES = {
    "id", "type", "data", "", "é", "😀", "a\nb", "other", "ID"
  };
  private static final String[] SPACES = {" ", "\n", "\t", "\r\n  ", "          "};
  private static final String[] SPLICES = {
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "\\",
    "\\u",
    "\\ud83d",
    "\\\"",
    "-",
    "0",
    "1",
    "e",
    ".",
    "+",
    "true",
    "null",
    " ",
    "\n",
    "\u0000",
    "\u001f",
    "\u007f",
    "é",
    "😀",
    "\ufeff",
    "\u00a0",
    "/**/",
    "\"id\":1,",
    "\"\\u0069d\":1,",
    "\"x\":",
    "[]",
    "{}",
    "NaN",
    "'"
  };
  private static final String SHORT_ESCAPES = "\"\\/\b\f\n\r\t";

  private final Random random;

  RandomBodies(long seed) {
    random = new Random(seed);
  }

  /** An object by the grammar, which now and then is over a limit or repeats a name. */
  byte[] next() {
    StringBuilder json = new StringBuilder();
    space(json);
    object(json, chance(100) ? 1_000 + random.nextInt(50) : random.nextInt(7), 0);
    space(json);
    return json.toString().getBytes(UTF_8);
  }

  /** A copy of {@code body} with one to three things wrong, or none by luck. */
  byte[] damaged(byte[] body) {
    byte[] damaged = body.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(damaged.length + 1);
      int length = random.nextInt(Math.min(8, damaged.length - at) + 1);
      damaged =
          switch (random.nextInt(6)) {
            case 0 -> flipped(damaged, at);
            case 1 -> spliced(damaged, at, new byte[0], length);
            case 2 -> spliced(damaged, at, new byte[] {(byte) random.nextInt(256)}, length & 1);
            case 3 -> spliced(damaged, at, Arrays.copyOfRange(damaged, at, at + length), 0);
            case 4 -> chance(4) ? Arrays.copyOf(damaged, at) : damaged;
            default -> spliced(damaged, at, any(SPLICES).getBytes(UTF_8), length & 1);
          };
    }
    return damaged;
  }

  private void object(StringBuilder json, int members, int depth) {
    json.append('{');
    for (int i = 0; i < members; i++) {
      json.append(i == 0 ? "" : ",");
      space(json);
      quote(json, members > 100 || !chance(3) ? "m" + i : name());
      space(json);
      json.append(':');
      space(json);
      value(json, depth);
      space(json);
    }
    json.append(members == 0 ? any(SPACES) : "").append('}');
  }

  private void value(StringBuilder json, int depth) {
    switch (random.nextInt(depth > 4 ? 6 : 9)) {
      case 0 -> json.append("null");
      case 1 -> json.append(random.nextBoolean());
      case 2 -> json.append(number());
      case 6 -> object(json, random.nextInt(4), depth + 1);
      case 7 -> array(json, depth + 1);
      case 8 -> nest(json);
      default -> quote(json, text());
    }
  }

  private void array(StringBuilder json, int depth) {
    json.append('[');
    for (int i = random.nextInt(4); i > 0; i--) {
      space(json);
      value(json, depth);
      space(json);
      json.append(i == 1 ? "" : ",");
    }
    json.append(']');
  }

  /** Seldom: nesting about as deep as is allowed. */
  private void nest(StringBuilder json) {
    int deep = chance(20) ? 115 + random.nextInt(20) : 2;
    boolean arrays = random.nextBoolean();
    json.repeat(arrays ? "[" : "{\"n\":", deep).append("[]").repeat(arrays ? "]" : "}", deep);
  }

  private String name() {
    return chance(40) ? "n".repeat(1_010 + random.nextInt(30)) : any(NAMES);
  }

  private String number() {
    StringBuilder number = new StringBuilder(random.nextBoolean() ? "-" : "");
    number.append(random.nextBoolean() ? "0" : "" + (1 + random.nextInt(99_999)));
    if (random.nextBoolean()) {
      number.append('.').append(random.nextInt(1_000));
    }
    if (random.nextBoolean()) {
      return number.toString();
    }
    number.append(any("e", "E")).append(any("", "+", "-", "00")).append(random.nextInt(1_000));
    return number.append("0".repeat(chance(30) ? 245 : 0)).toString();
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(chance(10) ? 80 : 20); i > 0; i--) {
      switch (random.nextInt(chance(3) ? 8 : 3)) {
        case 3 -> text.append((char) random.nextInt(0x20));
        case 4 -> text.append((char) (0x80 + random.nextInt(0x700)));
        case 5 -> text.append((char) (0xE000 + random.nextInt(0x2000)));
        case 6 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
        case 7 -> text.append(chance(9) ? (char) (0xD800 + random.nextInt(0x800)) : '"');
        default -> text.append((char) (' ' + random.nextInt(0x60)));
      }
    }
    return text.toString();
  }

  /** Escapes what must be, and some of the rest; an unpaired surrogate cannot be had otherwise. */
  private void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean must = c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c);
      int letter = SHORT_ESCAPES.indexOf(c);
      if (Character.isHighSurrogate(c) && Utf8.isEncodable(text) && random.nextBoolean()) {
        json.append(c).append(text.charAt(++i));
      } else if (!must && !chance(12)) {
        json.append(c);
      } else if (letter >= 0 && random.nextBoolean()) {
        json.append('\\').append("\"\\/bfnrt".charAt(letter));
      } else {
        json.append((random.nextBoolean() ? "\\u%04x" : "\\u%04X").formatted((int) c));
      }
    }
    json.append('"');
  }

  private void space(StringBuilder json) {
    json.append(chance(6) ? any(SPACES) : "");
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private String any(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private byte[] flipped(byte[] bytes, int at) {
    byte[] flipped = bytes.clone();
    if (at < bytes.length) {
      flipped[at] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private static byte[] spliced(byte[] bytes, int at, byte[] inserted, int removed) {
    int rest = Math.min(bytes.length, at + removed);
    byte[] spliced = Arrays.copyOf(bytes, at + inserted.length + bytes.length - rest);
    System.arraycopy(inserted, 0, spliced, at, inserted.length);
    System.arraycopy(bytes, rest, spliced, at + inserted.length, bytes.length - rest);
    return spliced;
  }
}
