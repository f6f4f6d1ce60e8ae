package dev.usher.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The member {@code data} of published events, character by character as it came: reading it and
 * writing it again would change numbers and spaces, which receivers may sign or compare.
 */
final class RawData {
  private static final JsonFactory JSON = new JsonFactory();

  private RawData() {}

  /**
   * What {@code data} holds in an event.
   *
   * @param event a valid JSON object whose {@code data} is an object
   */
  static String ofEvent(String event) {
    try (JsonParser parser = JSON.createParser(event)) {
      parser.nextToken();
      return data(parser, event);
    } catch (IOException e) {
      throw new IllegalStateException("this was read as JSON before", e);
    }
  }

  /**
   * What {@code data} holds in each of the {@code events} of a batch.
   *
   * @param batch a valid JSON object with a list of events
   */
  static List<String> ofBatch(String batch) {
    List<String> all = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(batch)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean events = parser.currentName().equals("events");
        parser.nextToken();
        if (!events) {
          parser.skipChildren();
          continue;
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          all.add(data(parser, batch));
        }
      }
      return all;
    } catch (IOException e) {
      throw new IllegalStateException("this was read as JSON before", e);
    }
  }

  /** Reads the object at whose beginning the parser is, up to its end. */
  private static String data(JsonParser parser, String text) throws IOException {
    String data = "{}";
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean wanted = parser.currentName().equals("data");
      parser.nextToken();
      int start = (int) parser.currentTokenLocation().getCharOffset();
      parser.skipChildren();
      if (wanted) {
        data = text.substring(start, (int) parser.currentLocation().getCharOffset());
      }
    }
    return data;
  }
}
