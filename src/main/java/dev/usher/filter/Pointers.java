package dev.usher.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The places in a payload at which some filters look, as a tree: one pass over a body finds all of
 * them, and builds nothing of what lies elsewhere. Immutable.
 */
final class Pointers {
  /** Keeps no table of names: what bodies bring is forgotten with them. */
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private static final class Node {
    private final Map<String, Node> children = new HashMap<>();
    private int number = -1; // where its value goes; -1: nobody asks for it
    private int lastIndex = -1; // of the elements that somebody asks for
  }

  private final Node root = new Node();
  private final Map<Pointer, Integer> numbers = new HashMap<>();

  private Pointers() {}

  /** Every place at which one of {@code filters} looks. */
  static Pointers of(Collection<Filter> filters) {
    Pointers pointers = new Pointers();
    filters.forEach(filter -> filter.places(pointers::add));
    return pointers;
  }

  private void add(Pointer pointer) {
    if (numbers.putIfAbsent(pointer, numbers.size()) != null) {
      return;
    }
    Node node = root;
    for (String token : pointer.tokens()) {
      node.lastIndex = Math.max(node.lastIndex, index(token));
      node = node.children.computeIfAbsent(token, _ -> new Node());
    }
    node.number = numbers.size() - 1;
  }

  /**
   * The element that {@code token} names (RFC 6901, section 4); -1 where it names a member only.
   */
  private static int index(String token) {
    boolean digits =
        !token.isEmpty()
            && token.length() <= 9
            && token.chars().allMatch(c -> c >= '0' && c <= '9');
    boolean index = digits && (token.equals("0") || token.charAt(0) != '0');
    return index ? Integer.parseInt(token) : -1;
  }

  /**
   * What {@code body} has at these places. Of a member that is there twice the last one counts, as
   * most readers have it.
   */
  Function<Pointer, Found> read(byte[] body) {
    Found[] found = new Found[numbers.size()];
    Arrays.fill(found, Found.MISSING);
    if (mayBeJson(body)) {
      try (JsonParser parser = FACTORY.createParser(body)) {
        read(parser, parser.nextToken(), root, found);
      } catch (IOException e) {
        Arrays.fill(found, Found.MISSING); // not JSON after all
      }
    }
    return pointer -> found[Objects.requireNonNull(numbers.get(pointer))];
  }

  /** Forms are told apart without a parser's exception. */
  private static boolean mayBeJson(byte[] body) {
    for (byte b : body) {
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return b == '{' || b == '[';
      }
    }
    return false;
  }

  /** Reads a value; recursion ends with the pointers, whatever the body nests. */
  private static void read(JsonParser parser, JsonToken token, Node node, Found[] found)
      throws IOException {
    if (node.number >= 0) {
      found[node.number] = value(parser, token);
    }
    if (token == JsonToken.START_OBJECT && !node.children.isEmpty()) {
      readMembers(parser, node, found);
    } else if (token == JsonToken.START_ARRAY && node.lastIndex >= 0) {
      readElements(parser, node, found);
    } else {
      parser.skipChildren();
    }
  }

  private static void readMembers(JsonParser parser, Node node, Found[] found) throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      Node child = node.children.get(name);
      if (child == null) {
        parser.skipChildren();
      } else {
        forget(child, found);
        read(parser, token, child, found);
      }
    }
  }

  private static void readElements(JsonParser parser, Node node, Found[] found) throws IOException {
    int index = 0;
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      Node child = index <= node.lastIndex ? node.children.get(Integer.toString(index)) : null;
      if (child == null) {
        parser.skipChildren();
      } else {
        read(parser, token, child, found);
      }
      index++;
    }
  }

  /** What an earlier member of the same name held. */
  private static void forget(Node node, Found[] found) {
    if (node.number >= 0) {
      found[node.number] = Found.MISSING;
    }
    node.children.values().forEach(child -> forget(child, found));
  }

  private static Found value(JsonParser parser, @Nullable JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_STRING -> new Found.Text(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        Found number = Found.number(parser.getText());
        yield number == null ? Found.CONTAINER : number; // there, and equal to none
      }
      case VALUE_TRUE -> Found.TRUE;
      case VALUE_FALSE -> Found.FALSE;
      case VALUE_NULL -> Found.NULL;
      case null, default -> Found.CONTAINER;
    };
  }
}
