package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the API's description says of bodies of one schema. */
final class DescribedBody {
  private static final ApiDescription DESCRIPTION = new ApiDescription();

  private final DescribedCall call;

  /**
   * @param schema its name among the components
   */
  DescribedBody(String schema) {
    call =
        new DescribedCall(
            DESCRIPTION.schema("#/components/schemas/" + schema),
            List.of(),
            new SchemaWords(DESCRIPTION.document()));
  }

  /** What is wrong with a body. */
  List<Fault> faults(String body) {
    return switch (Json.readPayloads(body.getBytes(StandardCharsets.UTF_8))) {
      case Parsed.Valid<ObjectNode>(ObjectNode json) ->
          call.faults(MultiMap.caseInsensitiveMultiMap(), List.of(), json);
      case Parsed.Invalid<ObjectNode> notJson -> throw new AssertionError(notJson + ": " + body);
    };
  }

  /** Which fields are wrong at {@code member} or below, where it has this value. */
  List<String> faults(String member, String value) {
    return faults("{\"" + member + "\": " + value + "}").stream()
        .map(Fault::field)
        .filter(field -> field.startsWith(member))
        .toList();
  }
}
