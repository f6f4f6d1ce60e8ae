package dev.usher.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the promises of {@link TopLevelReader} by other means, slow and plain: the JDK decodes the
 * UTF-8, Jackson knows the grammar, a map holds the members. What the two answer must be the same.
 */
final class JacksonReader {
  private final JsonFactory factory =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(TopLevelReader.MAX_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE) // counted below, as they are documented
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** All members of the outermost object, or null where the body must be refused. */
  @Nullable Map<String, Member> read(byte[] body) throws IOException {
    if (!isUtf8(body)) {
      return null;
    }
    try (JsonParser parser = factory.createParser(body)) {
      return parser.nextToken() == JsonToken.START_OBJECT ? members(parser) : null;
    } catch (StreamReadException | StreamConstraintsException e) {
      return null;
    }
  }

  /** Jackson would take UTF-16 and UTF-32 too, and tells them by zeros and byte-order marks. */
  private static boolean isUtf8(byte[] body) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      return text.indexOf('\0') < 0 && !text.startsWith("\ufeff");
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static @Nullable Map<String, Member> members(JsonParser parser) throws IOException {
    Map<String, Member> members = new LinkedHashMap<>();
    int depth = 1;
    String name = "";
    for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
      if (depth == 0) {
        return null; // more follows
      }
      if (token == JsonToken.FIELD_NAME) {
        name = parser.currentName();
        if (!isNameAllowed(name, depth, members)) {
          return null;
        }
      } else if (token.isNumeric()
          && parser.getText().length() > TopLevelReader.MAX_NUMBER_LENGTH) {
        return null;
      } else if (depth == 1 && !token.isStructEnd()) {
        members.put(name, member(parser, token));
      }
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    }
    return members.size() > TopLevelReader.MAX_MEMBERS ? null : members;
  }

  private static boolean isNameAllowed(String name, int depth, Map<String, Member> members) {
    return name.getBytes(UTF_8).length <= TopLevelReader.MAX_NAME_BYTES
        && (depth > 1 || (Utf8.isEncodable(name) && !members.containsKey(name)));
  }

  private static Member member(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_STRING -> new Member.Text(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Member.WrongType("a number");
      case VALUE_TRUE, VALUE_FALSE -> new Member.WrongType("a boolean");
      case VALUE_NULL -> new Member.WrongType("null");
      case START_OBJECT -> new Member.WrongType("an object");
      case START_ARRAY -> new Member.WrongType("an array");
      default -> throw new AssertionError(token);
    };
  }
}
