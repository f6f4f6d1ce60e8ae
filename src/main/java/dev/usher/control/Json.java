package dev.usher.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** JSON of requests and answers. Requests are read strictly: see {@link #read}. */
final class Json {
  /** Our settings nest three deep; more is a mistake or an attack. */
  private static final int DEPTH = 32;

  private static final int NUMBER_CHARACTERS = 64;

  /** As the public door reads what it receives. */
  private static final int PAYLOAD_DEPTH = 128;

  private static final int PAYLOAD_NUMBER_CHARACTERS = 256;

  private static final ObjectMapper STRICT = strict(DEPTH, NUMBER_CHARACTERS);
  private static final ObjectMapper PAYLOADS =
      strict(PAYLOAD_DEPTH + 3, PAYLOAD_NUMBER_CHARACTERS); // within "events", "data"

  /** For payloads, which are shown as they came: any JSON that Jackson's own limits let pass. */
  private static final JsonFactory LENIENT = new JsonFactory();

  private Json() {}

  private static ObjectMapper strict(int depth, int numberCharacters) {
    return new ObjectMapper(
            JsonFactory.builder()
                .streamReadConstraints(
                    StreamReadConstraints.builder()
                        .maxNestingDepth(depth)
                        .maxNumberLength(numberCharacters)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build())
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /**
   * Reads a request's object: UTF-8 without a byte-order mark, no member twice, nothing after it. A
   * problem tells where reading ended and never quotes the text, which may hold a secret.
   */
  static Parsed<ObjectNode> read(byte[] bytes) {
    return read(bytes, STRICT, DEPTH);
  }

  /** As {@link #read}, where events' payloads lie within: they may nest deeper. */
  static Parsed<ObjectNode> readPayloads(byte[] bytes) {
    return read(bytes, PAYLOADS, PAYLOAD_DEPTH);
  }

  private static Parsed<ObjectNode> read(byte[] bytes, ObjectMapper mapper, int depth) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      JsonNode node = mapper.readTree(text);
      if (node instanceof ObjectNode object) {
        return new Parsed.Valid<>(object);
      }
      return invalid("an object, such as {\"name\": \"…\"}");
    } catch (CharacterCodingException e) {
      return invalid("UTF-8");
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where =
          at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
      return invalid("valid JSON, no member twice, nested at most " + depth + " deep" + where);
    }
  }

  private static Parsed<ObjectNode> invalid(String expected) {
    return new Parsed.Invalid<>(List.of(Fault.hidden("", expected)));
  }

  /** The text of {@code bytes} where they are exactly one JSON value in UTF-8; empty otherwise. */
  static Optional<String> asValue(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      try (JsonParser parser = LENIENT.createParser(text)) {
        if (parser.nextToken() == null) {
          return Optional.empty();
        }
        parser.skipChildren();
        return parser.nextToken() == null ? Optional.of(text) : Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The value of a payload; missing where {@code bytes} are not exactly one JSON value. */
  static JsonNode payload(byte[] bytes) {
    try {
      return PAYLOADS.readTree(bytes);
    } catch (IOException e) {
      return MissingNode.getInstance();
    }
  }

  /** Reads what we wrote ourselves. */
  static JsonNode trusted(String text) {
    try {
      return PAYLOADS.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("this was written as JSON");
    }
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static JsonNode text(String text) {
    return JsonNodeFactory.instance.textNode(text);
  }

  static JsonNode texts(Collection<String> texts) {
    var array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(array::add);
    return array;
  }

  static JsonNode texts(Map<String, String> texts) {
    ObjectNode object = object();
    texts.forEach(object::put);
    return object;
  }

  static byte[] bytes(ObjectNode object) {
    try {
      return STRICT.writeValueAsBytes(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }

  /**
   * {@code document} with {@code patch} put onto it (JSON Merge Patch, RFC 7396). Where the patch's
   * own members are null, so are the document's then: readers take that for missing, and still see
   * members that do not exist.
   */
  static ObjectNode patched(ObjectNode document, ObjectNode patch) {
    ObjectNode patched = document.deepCopy();
    merge(patched, patch);
    patch
        .properties()
        .forEach(
            member -> {
              if (member.getValue().isNull()) {
                patched.putNull(member.getKey());
              }
            });
    return patched;
  }

  private static void merge(ObjectNode target, ObjectNode patch) {
    for (Map.Entry<String, JsonNode> member : patch.properties()) {
      JsonNode value = member.getValue();
      if (value.isNull()) {
        target.remove(member.getKey());
      } else if (value instanceof ObjectNode nested) {
        ObjectNode into = target.get(member.getKey()) instanceof ObjectNode old ? old : object();
        target.set(member.getKey(), into);
        merge(into, nested);
      } else {
        target.set(member.getKey(), value);
      }
    }
  }
}
