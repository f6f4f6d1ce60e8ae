package dev.usher.payload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the wanted top-level members of a JSON object in one pass over its bytes, and refuses every
 * body that another reader could understand differently (RFC 8259, sections 4, 8 and 9; RFC 7493):
 * what is verified here must be what is processed later. Nested members never count.
 *
 * <p>Refused are: anything but one object; a byte-order mark; encodings other than UTF-8;
 * ill-formed UTF-8 anywhere; a top-level member that is there twice, compared after unescaping;
 * unpaired surrogates in a wanted value or a top-level name; and what exceeds the limits below.
 *
 * <p>Not thread-safe: one for each event loop.
 */
public final class TopLevelReader {
  /** Objects and arrays inside each other, the outermost included. */
  public static final int MAX_DEPTH = 128;

  /** Characters of a number, anywhere in the body. */
  public static final int MAX_NUMBER_LENGTH = 256;

  /** Bytes of a member's name after unescaping, anywhere in the body. */
  public static final int MAX_NAME_BYTES = 1_024;

  /** Members of the outermost object. */
  public static final int MAX_MEMBERS = 1_024;

  private static final Member ABSENT = new Member.Absent();
  private static final Member.WrongType NUMBER = new Member.WrongType("a number");
  private static final Member.WrongType BOOLEAN = new Member.WrongType("a boolean");
  private static final Member.WrongType NULL = new Member.WrongType("null");
  private static final Member.WrongType OBJECT = new Member.WrongType("an object");
  private static final Member.WrongType ARRAY = new Member.WrongType("an array");

  private final MemberNames names = new MemberNames();

  /**
   * Reads a whole body.
   *
   * @param wanted the names of the top-level members to find, a few
   */
  public TopLevel read(byte[] body, List<String> wanted) {
    try {
      return new TopLevel.Members(wanted, readObject(body, wanted));
    } catch (MalformedBodyException e) {
      String encodingFault = encodingFault(body); // explains many a fault of the grammar
      return new TopLevel.Malformed(encodingFault == null ? e.detail() : encodingFault);
    } finally {
      names.clear();
    }
  }

  private Member[] readObject(byte[] body, List<String> wanted) throws MalformedBodyException {
    int at = JsonGrammar.skipSpace(body, 0);
    if (JsonGrammar.byteAt(body, at) != '{') {
      throw noObject(body, at);
    }
    Member[] found = new Member[wanted.size()];
    Arrays.fill(found, ABSENT);
    at = JsonGrammar.skipSpace(body, at + 1);
    boolean closed = JsonGrammar.byteAt(body, at) == '}';
    while (!closed) {
      int nameEnd = JsonGrammar.skipName(body, at);
      int index = readName(body, at + 1, nameEnd - 1, wanted);
      int value = JsonGrammar.skipColon(body, nameEnd);
      int valueEnd = JsonGrammar.skipValue(body, value, 1);
      if (index >= 0) {
        found[index] = readValue(body, value, valueEnd, wanted.get(index));
      }
      at = JsonGrammar.skipSpace(body, valueEnd);
      closed = JsonGrammar.closes(body, at, '}');
      if (!closed) {
        at = JsonGrammar.skipSpace(body, at + 1);
      }
    }
    checkEnd(body, JsonGrammar.skipSpace(body, at + 1));
    return found;
  }

  /**
   * Reads the name at {@code start} to {@code end}, which must be no earlier member's.
   *
   * @return its index among the wanted ones, or -1
   */
  private int readName(byte[] body, int start, int end, List<String> wanted)
      throws MalformedBodyException {
    if (PlainText.end(body, start) == end) { // as nearly always: no text needs to be made of it
      addName(body, start, end, end);
      return indexOf(wanted, body, start, end);
    }
    String name = JsonText.decode(body, start, end);
    if (!Utf8.isEncodable(name)) {
      throw Faults.refused(end, "a member's name holds an unpaired surrogate");
    }
    byte[] unescaped = name.getBytes(UTF_8);
    addName(unescaped, 0, unescaped.length, end);
    return wanted.indexOf(name);
  }

  private void addName(byte[] source, int start, int end, int at) throws MalformedBodyException {
    if (!names.add(source, start, end)) {
      String name = Faults.quote(new String(source, start, end - start, UTF_8));
      throw Faults.refused(at, "the member " + name + " is there twice; expected it once");
    }
    if (names.count() > MAX_MEMBERS) {
      throw Faults.refused(at, "the object has more than " + MAX_MEMBERS + " members");
    }
  }

  private static int indexOf(List<String> wanted, byte[] body, int start, int end) {
    for (int i = 0; i < wanted.size(); i++) {
      if (spells(wanted.get(i), body, start, end)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean spells(String text, byte[] body, int start, int end) {
    if (text.length() != end - start) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) != body[start + i]) {
        return false;
      }
    }
    return true;
  }

  private static Member readValue(byte[] body, int start, int end, String name)
      throws MalformedBodyException {
    if (body[start] != '"') {
      return kind(body[start]);
    }
    if (PlainText.end(body, start + 1) == end - 1) {
      return new Member.Text(new String(body, start + 1, end - start - 2, ISO_8859_1));
    }
    String text = JsonText.decode(body, start + 1, end - 1);
    if (!Utf8.isEncodable(text)) {
      throw Faults.refused(end, "'" + name + "' holds an unpaired surrogate");
    }
    return new Member.Text(text);
  }

  /** What the value is that begins with {@code first} and is no string. */
  private static Member.WrongType kind(int first) {
    return switch (first) {
      case '{' -> OBJECT;
      case '[' -> ARRAY;
      case 't', 'f' -> BOOLEAN;
      case 'n' -> NULL;
      default -> NUMBER;
    };
  }

  private static MalformedBodyException noObject(byte[] body, int at)
      throws MalformedBodyException {
    int first = JsonGrammar.byteAt(body, at);
    String found =
        switch (first) {
          case JsonGrammar.END -> "empty";
          case '[' -> ARRAY.found();
          case '"' -> "a string";
          default -> {
            JsonGrammar.skipValue(body, at, 0); // throws where it is no value at all
            yield kind(first).found();
          }
        };
    return new MalformedBodyException("the body is " + found + "; expected a JSON object");
  }

  /** Refuses whatever follows the object. */
  private static void checkEnd(byte[] body, int at) throws MalformedBodyException {
    if (at == body.length) {
      return;
    }
    throw "{[\"-0123456789tfn".indexOf(body[at]) >= 0
        ? Faults.refused(at, "more follows the JSON object")
        : Faults.unexpected(body, at, "nothing after the JSON object");
  }

  /**
   * Why {@code body} is not plain UTF-8, or null. Tells a sender of UTF-16 or UTF-32, which begin
   * with a byte-order mark or have a zero among the first four bytes, what is wrong.
   */
  private static @Nullable String encodingFault(byte[] body) {
    for (int i = 0; i < Math.min(4, body.length); i++) {
      if (body[i] == 0) {
        return "byte " + i + " is zero; expected a JSON object in UTF-8";
      }
    }
    if (body.length >= 3
        && body[0] == (byte) 0xEF
        && body[1] == (byte) 0xBB
        && body[2] == (byte) 0xBF) {
      return "the body begins with a byte-order mark; expected a JSON object in UTF-8 without one";
    }
    int malformed = Utf8.firstMalformed(body);
    return malformed < 0 ? null : "byte " + malformed + " is not UTF-8; expected JSON in UTF-8";
  }
}
