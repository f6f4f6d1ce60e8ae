package dev.usher.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** What a request to the console is answered with. */
sealed interface Response {
  /**
   * A page, or a part of one.
   *
   * @param template its file
   * @param model what the template takes
   */
  record Html(int status, String template, Map<String, Object> model) implements Response {}

  /** Look there instead: after a change, so that loading the page anew does not repeat it. */
  record See(String address) implements Response {}

  /** Numbers for charts. */
  record Data(JsonNode json) implements Response {}

  /** A payload to be saved: never shown by the browser, whatever it is. */
  record Download(String name, byte[] bytes) implements Response {}
}
