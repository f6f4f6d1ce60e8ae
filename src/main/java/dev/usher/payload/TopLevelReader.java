package dev.usher.payload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
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

  /** Bytes of a member's name, anywhere in the body. */
  public static final int MAX_NAME_BYTES = 1_024;

  /** Members of the outermost object. */
  public static final int MAX_MEMBERS = 1_024;

  private static final Member ABSENT = new Member.Absent();
  private static final Member NUMBER = new Member.WrongType("a number");
  private static final Member BOOLEAN = new Member.WrongType("a boolean");
  private static final Member NULL = new Member.WrongType("null");
  private static final Member OBJECT = new Member.WrongType("an object");
  private static final Member ARRAY = new Member.WrongType("an array");

  private final Parsers parsers = new Parsers();

  /**
   * Reads a whole body.
   *
   * @param wanted the names of the top-level members to find, a few
   */
  public TopLevel read(byte[] body, List<String> wanted) {
    String fault = encodingFault(body);
    if (fault != null) {
      return Faults.malformed(fault);
    }
    try (JsonParser parser = parsers.open(body)) {
      try {
        return readObject(parser, wanted);
      } catch (JsonProcessingException e) {
        return Faults.malformed(Faults.describe(e, parser));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory does no input", e);
    }
  }

  /**
   * Why {@code body} is not plain UTF-8, or null. The parser would take UTF-16 and UTF-32 too, and
   * tells them by a byte-order mark or a zero among the first four bytes.
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

  private static TopLevel readObject(JsonParser parser, List<String> wanted) throws IOException {
    JsonToken start = parser.nextToken();
    if (start != JsonToken.START_OBJECT) {
      return Faults.malformed("the body is " + Faults.name(start) + "; expected a JSON object");
    }
    Member[] found = new Member[wanted.size()];
    Arrays.fill(found, ABSENT);
    MemberNames names = new MemberNames();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      String fault = nameFault(names, name);
      if (fault != null) {
        return Faults.malformed(fault + Faults.at(parser));
      }
      JsonToken value = parser.nextToken();
      int index = wanted.indexOf(name);
      if (index >= 0) {
        found[index] = member(parser, value);
        if (found[index] instanceof Member.Text(String text) && !Utf8.isEncodable(text)) {
          return Faults.malformed("'" + name + "' holds an unpaired surrogate" + Faults.at(parser));
        }
      }
      parser.skipChildren();
    }
    return parser.nextToken() == null
        ? new TopLevel.Members(wanted, found)
        : Faults.malformed("more follows the JSON object" + Faults.at(parser));
  }

  private static @Nullable String nameFault(MemberNames names, String name) {
    if (!Utf8.isEncodable(name)) {
      return "a member's name holds an unpaired surrogate";
    }
    if (!names.add(name)) {
      return "the member " + Faults.quote(name) + " is there twice; expected it once";
    }
    return names.count() > MAX_MEMBERS
        ? "the object has more than " + MAX_MEMBERS + " members"
        : null;
  }

  private static Member member(JsonParser parser, JsonToken value) throws IOException {
    return switch (value) {
      case VALUE_STRING -> new Member.Text(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> NUMBER;
      case VALUE_TRUE, VALUE_FALSE -> BOOLEAN;
      case VALUE_NULL -> NULL;
      case START_OBJECT -> OBJECT;
      case START_ARRAY -> ARRAY;
      default -> throw new IllegalStateException(value + " is not the beginning of a value");
    };
  }
}
