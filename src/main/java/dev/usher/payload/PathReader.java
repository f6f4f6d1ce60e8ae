package dev.usher.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds values below the top level of a JSON object, for senders that put there what identifies an
 * event. A path is names with full stops between them: {@code event.type}. As strict as {@link
 * TopLevelReader}, which goes over the body first: a member on a path must be there once, and a
 * name that holds a full stop is on none.
 *
 * <p>Not thread-safe: one for each event loop.
 */
public final class PathReader {
  private final TopLevelReader topLevel;

  /** Keeps no table of names: what bodies bring is forgotten with them. */
  private final JsonFactory factory =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(TopLevelReader.MAX_DEPTH)
                  .maxNumberLength(TopLevelReader.MAX_NUMBER_LENGTH)
                  .maxNameLength(TopLevelReader.MAX_NAME_BYTES)
                  .build())
          .build();

  /**
   * @param topLevel the event loop's
   */
  public PathReader(TopLevelReader topLevel) {
    this.topLevel = topLevel;
  }

  /**
   * Reads a whole body.
   *
   * @param paths of the values to find, a few
   */
  public PathValues read(byte[] body, List<String> paths) {
    if (topLevel.read(body, List.of()) instanceof TopLevel.Malformed(String detail)) {
      return new PathValues.Malformed(detail);
    }
    String text = new String(body, UTF_8); // well-formed, as the first reading found
    try (JsonParser parser = factory.createParser(text)) {
      parser.nextToken(); // the object's beginning, as the first reading found
      Map<String, PathValues.Value> values = new HashMap<>();
      String fault = readObject(parser, "", paths, values);
      return fault == null
          ? new PathValues.Found(text, Map.copyOf(values))
          : new PathValues.Malformed(fault);
    } catch (JsonProcessingException e) {
      return new PathValues.Malformed(fault(e));
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory does no input", e);
    }
  }

  /**
   * {@link #read} of a body that may also be an array, in which nothing is found; objects in it may
   * have a member twice.
   */
  public PathValues readObjectOrArray(byte[] body, List<String> paths) {
    if (!beginsArray(body)) {
      return read(body, paths);
    }
    String fault = arrayFault(body);
    return fault == null
        ? new PathValues.Found(new String(body, UTF_8), Map.of())
        : new PathValues.Malformed(fault);
  }

  private static boolean beginsArray(byte[] body) {
    for (byte b : body) {
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return b == '[';
      }
    }
    return false;
  }

  /** Why {@code body} is not exactly one well-formed JSON array in UTF-8; null where it is. */
  private @Nullable String arrayFault(byte[] body) {
    int malformed = Utf8.firstMalformed(body);
    if (malformed >= 0) {
      return "byte " + malformed + " is not UTF-8; expected JSON in UTF-8";
    }
    try (JsonParser parser = factory.createParser(new String(body, UTF_8))) {
      parser.nextToken();
      parser.skipChildren();
      return parser.nextToken() == null ? null : "more follows the JSON array";
    } catch (JsonProcessingException e) {
      return fault(e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory does no input", e);
    }
  }

  /** Reads the members of the object that has begun; gives what is wrong with them, or null. */
  private static @Nullable String readObject(
      JsonParser parser, String prefix, List<String> paths, Map<String, PathValues.Value> values)
      throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      String path = prefix + name;
      JsonToken token = parser.nextToken();
      boolean leadsOn = token == JsonToken.START_OBJECT && leadsOn(path, paths);
      if (name.indexOf('.') >= 0 || (!leadsOn && !paths.contains(path))) {
        parser.skipChildren();
        continue;
      }
      int from = (int) parser.currentTokenLocation().getCharOffset();
      String fault = leadsOn ? readObject(parser, path + ".", paths, values) : null;
      if (fault != null) {
        return fault;
      }
      Member member = member(parser, token, leadsOn);
      if (member instanceof Member.Text(String value) && !Utf8.isEncodable(value)) {
        return "'" + path + "' holds an unpaired surrogate";
      }
      String number = token.isNumeric() ? parser.getText() : null;
      int to = (int) parser.currentLocation().getCharOffset();
      if (values.put(path, new PathValues.Value(member, number, from, to)) != null) {
        return "the member '" + path + "' is there twice; expected it once";
      }
    }
    return null;
  }

  private static boolean leadsOn(String path, List<String> paths) {
    for (String wanted : paths) {
      if (wanted.length() > path.length()
          && wanted.startsWith(path)
          && wanted.charAt(path.length()) == '.') {
        return true;
      }
    }
    return false;
  }

  /** What the value is; leaves the parser at its end. */
  private static Member member(JsonParser parser, JsonToken token, boolean wasRead)
      throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      return new Member.Text(parser.getText());
    }
    if (!wasRead) {
      parser.skipChildren();
    }
    return new Member.WrongType(token == JsonToken.START_OBJECT ? "an object" : Faults.name(token));
  }

  /** What the parser complains of, quoting nothing. */
  private static String fault(JsonProcessingException e) {
    return "the body is not well-formed JSON within our limits (near character "
        + (e.getLocation() == null ? 0 : e.getLocation().getCharOffset())
        + ")";
  }
}
