package dev.usher.control;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaJudgeTest {
  private final SchemaJudge judge = new SchemaJudge();

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> fields(String schema, String data) {
    judge.begin();
    return judge.faultsOfData(json(schema).toString(), json(data), "data").stream()
        .map(Fault::field)
        .toList();
  }

  private List<Fault> faultsOfSchema(String schema) {
    judge.begin();
    return judge.faultsOfSchema((ObjectNode) json(schema), "schema");
  }

  @Test
  void everyFaultOfTheDataIsToldWithItsPlace() {
    String schema =
        """
        {'type': 'object', 'required': ['currency'], 'additionalProperties': false,
         'properties': {'currency': {'enum': ['CAD', 'USD']},
                        'items': {'items': {'properties': {'n': {'type': 'integer', 'minimum': 1}}}}}}
        """;
    assertThat(fields(schema, "{'currency': 'CAD', 'items': [{'n': 1}]}")).isEmpty();
    assertThat(fields(schema, "{'items': [{'n': 1}, {'n': 0}, {'n': 'x'}], 'colour': 1}"))
        .containsExactlyInAnyOrder(
            "data.currency", "data.items[1].n", "data.items[2].n", "data.colour");
    assertThat(fields(schema, "[]")).containsExactly("data");
  }

  @Test
  void aNumberThatNoComparisonCanHoldIsAFault() {
    String schema = "{'properties': {'a': {'enum': [1]}, 'b': {'multipleOf': 2}}}";
    assertThat(fields(schema, "{'a': 1e400}")).containsExactly("data");
    assertThat(fields(schema, "{'b': 1e400}")).isNotEmpty();
    assertThat(fields(schema, "{'c': 1e400}")).isEmpty();
  }

  @Test
  void aUsualSchemaIsTaken() {
    assertThat(
            faultsOfSchema(
                """
                {'$schema': 'https://json-schema.org/draft/2020-12/schema', 'type': 'object',
                 '$defs': {'money': {'type': 'string', 'pattern': '^-?[0-9]+\\\\.[0-9]{2}$'},
                           'node': {'properties': {'next': {'$ref': '#/$defs/node'}}}},
                 'properties': {'total': {'$ref': '#/$defs/money'}, '$ref': {'type': 'string'}}}
                """))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type': 'thing'}",
        "{'properties': {'a': 7}}",
        "{'required': 'a'}",
        "{'$ref': '#/$defs/nothing'}",
        "{'$ref': 'https://example.com/schema'}",
        "{'items': [{'anyOf': [{'$ref': 'file:///etc/passwd'}]}]}",
        "{'$ref': 'classpath:secret.json'}",
        "{'$id': 'https://example.com/schema'}",
        "{'$schema': 'http://json-schema.org/draft-07/schema#'}",
        "{'pattern': '('}",
        "{'pattern': '(a)\\\\1'}",
        "{'pattern': '((a{1000}){1000}){10}'}",
        "{'patternProperties': {'a(?=b)': true}}"
      })
  void aSchemaThatCannotBeUsedIsRefused(String schema) {
    assertThat(faultsOfSchema(schema)).isNotEmpty();
  }

  @Test
  void aSchemaThatIsTooLongIsRefused() {
    String schema = "{'description': '" + "x".repeat(SchemaJudge.MAX_SCHEMA_CHARACTERS) + "'}";
    assertThat(faultsOfSchema(schema)).extracting(Fault::field).containsExactly("schema");
    assertThat(faultsOfSchema("{'pattern': '" + "x".repeat(501) + "'}")).isNotEmpty();
  }

  @Test
  void aSchemaThatOnlyLeadsBackToItselfComesToAnEnd() {
    assertThat(fields("{'$ref': '#'}", "{}")).containsExactly("data");
    assertThat(fields("{'allOf': [{'$ref': '#'}, {'$ref': '#'}]}", "{}")).containsExactly("data");
  }

  @Test
  void alternativesThatDoubleWithEachLevelComeToAnEnd() {
    String schema =
        """
        {'$defs': {'x': {'anyOf': [{'properties': {'a': {'$ref': '#/$defs/x'}}, 'required': ['b']},
                                   {'properties': {'a': {'$ref': '#/$defs/x'}}, 'required': ['b']}]}},
         '$ref': '#/$defs/x'}
        """;
    String data = "{'a':".repeat(100) + "{}" + "}".repeat(100);
    assertThat(fields(schema, data)).containsExactly("data");
  }

  @Test
  void aRegularExpressionThatTriesEverythingComesToAnEnd() {
    assertThat(fields("{'pattern': '^(a+)+$'}", "'" + "a".repeat(50_000) + "b'"))
        .containsExactly("data");
  }

  @Test
  void manyPatternsOverManyNamesComeToAnEnd() {
    StringBuilder patterns = new StringBuilder();
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      patterns.append(i == 0 ? "" : ",").append("'p").append(i).append("': true");
      names.append(i == 0 ? "" : ",").append("'n").append(i).append("': 1");
    }
    assertThat(fields("{'patternProperties': {" + patterns + "}}", "{" + names + "}"))
        .containsExactly("data");
  }

  /** What a keyword looks at is paid for: each of these would take minutes, or memory. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'minLength': 1}",
        "{'pattern': 'b.*c'}",
        "{'enum': ['a']}",
        "{'uniqueItems': true}",
        "{'additionalProperties': {}}",
        "{'items': {}}",
        "{'propertyNames': {}}",
        "{'items': {'type': 'object'}}"
      })
  void aCheapLookingKeywordAtMuchDataComesToAnEnd(String keyword) {
    String schema =
        """
        {'$defs': {'a': {'allOf': [%s]}, 'b': {'allOf': [%s]}}, '$ref': '#/$defs/b'}
        """
            .formatted(
                String.join(",", Collections.nCopies(1_000, keyword)),
                String.join(",", Collections.nCopies(500, "{'$ref': '#/$defs/a'}")));
    String data =
        switch (keyword.substring(2, 5)) {
          case "min", "pat", "enu" -> "'" + "ab".repeat(500_000) + "'";
          case "add", "pro" -> members(60_000);
          default -> "[" + "1,".repeat(400_000) + "1]";
        };
    assertThat(fields(schema, data)).containsExactly("data");
  }

  private static String members(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "'m" + i + "':1")
        .collect(joining(",", "{", "}"));
  }

  /** A set compares each with all before where their hashes are one: "Aa" has that of "BB". */
  @Test
  void elementsThatHashAlikeComeToAnEnd() {
    List<String> alike = List.of("");
    for (int i = 0; i < 15; i++) {
      alike = alike.stream().flatMap(text -> Stream.of(text + "Aa", text + "BB")).toList();
    }
    String data = alike.stream().collect(joining("','", "['", "']"));
    assertThat(fields("{'uniqueItems': true}", data)).containsExactly("data");
    assertThat(fields("{'uniqueItems': true}", "['a', 'b', 'a']")).containsExactly("data");
    assertThat(fields("{'uniqueItems': true}", "['a', 'b', {'a': ['b']}]")).isEmpty();
  }

  @Test
  void aLargeEventIsJudgedByAUsualSchema() {
    String schema =
        """
        {'type': 'object', 'required': ['items', 'picture'], 'additionalProperties': false,
         'properties': {
           'picture': {'type': 'string', 'pattern': '^[A-Za-z0-9+/]*=*$'},
           'items': {'type': 'array', 'maxItems': 20000, 'items': {
             'type': 'object', 'required': ['name', 'quantity'],
             'properties': {'name': {'type': 'string', 'pattern': '^[A-Z][a-z]+$', 'maxLength': 50},
                            'quantity': {'type': 'integer', 'minimum': 1}}}}}}
        """;
    String item = "{'name': 'Balcony', 'quantity': 2}";
    String data =
        "{'picture': '%s', 'items': [%s]}"
            .formatted("QUJD".repeat(25_000), String.join(",", Collections.nCopies(10_000, item)));
    assertThat(fields(schema, data)).isEmpty();
    assertThat(fields(schema, data.replaceFirst("2", "0")))
        .containsExactly("data.items[0].quantity");
  }

  @Test
  void patternsThatAreLargeTogetherAreRefused() {
    String pattern = "a{900}".repeat(9);
    assertThat(faultsOfSchema("{'pattern': '" + pattern + "'}")).isEmpty();
    assertThat(
            faultsOfSchema(
                "{'pattern': '" + pattern + "', 'items': {'pattern': '" + pattern + "'}}"))
        .isNotEmpty();
  }

  @Test
  void deeplyNestedDataIsJudged() {
    String schema =
        "{'$defs': {'x': {'properties': {'a': {'$ref': '#/$defs/x'}}, 'type': 'object'}}, '$ref':"
            + " '#/$defs/x'}";
    assertThat(fields(schema, "{'a':".repeat(120) + "{}" + "}".repeat(120))).isEmpty();
    assertThat(fields(schema, "{'a':".repeat(120) + "1" + "}".repeat(120))).hasSize(1);
  }
}
