package dev.usher.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
  private static final String PAYLOAD =
      """
      {"id": "T-1", "event_type": "invoice.purchase", "data": {
        "currency": "CAD", "gross": "12.50", "count": 10.0, "big": 1e400, "none": null, "vip": true,
        "a/b": {"c~d": 1}, "0": "member", "": "nameless", "name": "Ana\\u00efs",
        "ticket_items": [{"id": 7, "tags": ["x", "y"]}, {"id": 8}]}}
      """;

  private static boolean accepts(String filter, String payload) {
    return Objects.requireNonNull(FilterReader.parse(filter), filter)
        .accepts(payload.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "true  | {'pointer': '/data/currency', 'equals': 'CAD'}",
        "false | {'pointer': '/data/currency', 'equals': 'cad'}",
        "true  | {'pointer': '/data/name', 'equals': 'Anaïs'}",
        "false | {'pointer': '/data/gross', 'equals': 12.5}",
        "true  | {'pointer': '/data/count', 'equals': 10}",
        "true  | {'pointer': '/data/count', 'equals': 1e1}",
        "true  | {'pointer': '/data/big', 'equals': 10e399}",
        "false | {'pointer': '/data/count', 'equals': '10'}",
        "true  | {'pointer': '/data/vip', 'equals': true}",
        "false | {'pointer': '/data/vip', 'equals': false}",
        "true  | {'pointer': '/data/none', 'equals': null}",
        "false | {'pointer': '/data/missing', 'equals': null}",
        "true  | {'pointer': '/data/a~1b/c~0d', 'equals': 1}",
        "true  | {'pointer': '/data/ticket_items/1/id', 'equals': 8}",
        "true  | {'pointer': '/data/ticket_items/0/tags/1', 'equals': 'y'}",
        "false | {'pointer': '/data/ticket_items/00/id', 'equals': 7}",
        "false | {'pointer': '/data/ticket_items/-/id', 'exists': true}",
        "true  | {'pointer': '/data/0', 'equals': 'member'}",
        "true  | {'pointer': '/data/', 'equals': 'nameless'}",
        "false | {'pointer': '/currency', 'exists': true}",
        "true  | {'pointer': '/data', 'exists': true}",
        "true  | {'pointer': '/data/none', 'exists': true}",
        "true  | {'pointer': '/data/missing', 'exists': false}",
        "true  | {'pointer': '/data/currency', 'in': ['USD', 'CAD']}",
        "false | {'pointer': '/data/currency', 'in': ['USD', 5, null]}",
        "true  | {'pointer': '/event_type', 'prefix': 'invoice.'}",
        "false | {'pointer': '/data/count', 'prefix': '1'}",
        "false | {'not': {'pointer': '/data/currency', 'equals': 'CAD'}}",
        "true  | {'not': {'pointer': '/data/missing', 'equals': 'CAD'}}",
        "true  | {'and': [{'pointer': '/id', 'prefix': 'T'}, {'pointer': '/data/vip', 'equals':"
            + " true}]}",
        "false | {'and': [{'pointer': '/id', 'prefix': 'T'}, {'pointer': '/data/vip', 'equals':"
            + " 1}]}",
        "true  | {'or': [{'pointer': '/id', 'prefix': 'U'}, {'pointer': '/data/vip', 'equals':"
            + " true}]}",
        "false | {'or': [{'pointer': '/id', 'prefix': 'U'}, {'pointer': '/data/vip', 'equals': 1}]}"
      })
  void eachOperatorDoesWhatItsNameSays(boolean wanted, String filter) {
    assertThat(accepts(filter.replace('\'', '"'), PAYLOAD)).isEqualTo(wanted);
  }

  @Test
  void inABodyThatIsNotJsonNothingIsThere() {
    for (String body : List.of("", "a=1&b=2", "{\"data\": ", "\"text\"", "[]", "\u0000")) {
      assertThat(accepts("{\"pointer\": \"/data\", \"exists\": true}", body)).as(body).isFalse();
      assertThat(accepts("{\"pointer\": \"/data\", \"exists\": false}", body)).as(body).isTrue();
    }
  }

  @Test
  void ofAMemberThatIsThereTwiceTheLastCounts() {
    String twice = "{\"a\": {\"b\": 1, \"c\": 1}, \"a\": {\"b\": 2}}";
    assertThat(accepts("{\"pointer\": \"/a/b\", \"equals\": 2}", twice)).isTrue();
    assertThat(accepts("{\"pointer\": \"/a/c\", \"exists\": true}", twice)).isFalse();
    assertThat(accepts("{\"pointer\": \"/a/c\", \"exists\": true}", "{\"a\":{\"c\":1},\"a\":3}"))
        .isFalse();
  }

  @Test
  void whatABodyNestsOrCountsDoesNoHarm() {
    String deep = "{\"a\":".repeat(900) + "1" + "}".repeat(900);
    assertThat(accepts("{\"pointer\": \"/a/a/b\", \"exists\": true}", deep)).isFalse();
    String long1 = "{\"n\": [" + "0,".repeat(100_000) + "7]}";
    assertThat(accepts("{\"pointer\": \"/n/100000\", \"equals\": 7}", long1)).isTrue();
    assertThat(accepts("{\"pointer\": \"/n\", \"equals\": 1}", "{\"n\": 1e99999999999}")).isFalse();
  }

  private static List<String> faults(String filter) {
    List<String> faults = new ArrayList<>();
    try {
      FilterReader.read(
          new ObjectMapper().readTree(filter.replace('\'', '"')),
          "filter",
          (field, _, expected) -> faults.add(field + ": " + expected));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
    return faults;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5",
        "[]",
        "{}",
        "{'pointer': '/a'}",
        "{'equals': 1}",
        "{'pointer': '/a', 'equals': 1, 'prefix': 'x'}",
        "{'pointer': '/a', 'equals': 1, 'more': 'x'}",
        "{'pointer': '/a', 'and': []}",
        "{'and': []}",
        "{'and': {}}",
        "{'not': []}",
        "{'pointer': 'a', 'equals': 1}",
        "{'pointer': '', 'equals': 1}",
        "{'pointer': '/a~2', 'equals': 1}",
        "{'pointer': 5, 'equals': 1}",
        "{'pointer': '/a', 'equals': {}}",
        "{'pointer': '/a', 'equals': 1e99999999999}",
        "{'pointer': '/a', 'in': []}",
        "{'pointer': '/a', 'in': 'abc'}",
        "{'pointer': '/a', 'prefix': ''}",
        "{'pointer': '/a', 'prefix': 1}",
        "{'pointer': '/a', 'exists': 'yes'}",
        "{'constructor': '/a', 'equals': 1}"
      })
  void whatIsNoFilterIsRefused(String filter) {
    assertThat(faults(filter)).hasSize(1);
  }

  @Test
  void everyFaultIsNamedByItsPlace() {
    assertThat(
            faults(
                "{'and': [{'pointer': 'a', 'equals': 1}, {'or': [{'pointer': '/a', 'in': [1,"
                    + " {}]}]}, {'not': 3}]}"))
        .satisfiesExactly(
            fault -> assertThat(fault).startsWith("filter.and[0].pointer: a JSON Pointer"),
            fault -> assertThat(fault).startsWith("filter.and[1].or[0].in[1]: a string, a number"),
            fault -> assertThat(fault).startsWith("filter.and[2].not: {\"pointer\""));
  }

  @Test
  void aFilterIsBounded() {
    String leaf = "{'pointer': '/a', 'equals': 1}";
    assertThat(faults("{'and': [" + (leaf + ",").repeat(48) + leaf + "]}")).isEmpty();
    assertThat(faults("{'and': [" + (leaf + ",").repeat(200) + leaf + "]}"))
        .containsExactly("filter.and[49]: at most 50 conditions in all");
    assertThat(faults("{'not': ".repeat(7) + leaf + "}".repeat(7))).isEmpty();
    assertThat(faults("{'not': ".repeat(8) + leaf + "}".repeat(8)))
        .singleElement()
        .satisfies(fault -> assertThat(fault).endsWith("nested at most 8 deep"));
    assertThat(faults("{'pointer': '" + "/a".repeat(33) + "', 'equals': 1}")).hasSize(1);
    assertThat(faults("{'pointer': '/" + "a".repeat(255) + "', 'equals': 1}")).hasSize(1);
    assertThat(faults("{'pointer': '/a', 'in': [" + "1,".repeat(100) + "1]}")).hasSize(1);
    assertThat(faults("{'pointer': '/a', 'prefix': '" + "x".repeat(9_000) + "'}"))
        .singleElement()
        .satisfies(fault -> assertThat(fault).contains("8192"));
  }
}
