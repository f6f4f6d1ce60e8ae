package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import io.vertx.core.MultiMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How requests are judged by the API's description, and what callers are told. */
class DescribedCallTest {
  private final ApiDescription description = new ApiDescription();

  private static List<Fault> faults(String schema, String body) {
    return new DescribedBody(schema).faults(body);
  }

  @Test
  void everyFaultIsToldOnceWithItsValueAndWhatWasExpected() {
    assertThat(
            faults(
                "NewEndpoint",
                """
                {"name": "", "events": ["a b", 7, "ok"], "concurrency": 0, "ordered": 1,
                 "signature": "none", "timeout": "soon", "colour": "red"}\
                """))
        .extracting(Fault::field, fault -> String.valueOf(fault.value()), Fault::expected)
        .satisfiesExactlyInAnyOrder(
            fault -> fault("name", "\"\"", "1 to 120 characters", fault),
            fault -> fault("url", "null", "an absolute https:// URL", fault),
            fault -> fault("events[0]", "\"a b\"", "an event type, prefix.* or *", fault),
            fault -> fault("events[1]", "7", "an event type, prefix.* or *", fault),
            fault -> fault("concurrency", "0", "a whole number from 1 to 1000", fault),
            fault -> fault("ordered", "1", "true or false", fault),
            fault ->
                fault("signature", "\"none\"", "one of showpass, standard-webhooks, both", fault),
            fault -> fault("timeout", "\"soon\"", "a duration from 1s to 30s", fault),
            fault -> fault("colour", "null", "only the members name, url, events", fault));
  }

  private static void fault(
      String field, String value, String expected, org.assertj.core.groups.Tuple fault) {
    assertThat(fault.toList().subList(0, 2)).containsExactly(field, value);
    assertThat(fault.toList().get(2).toString()).startsWith(expected);
  }

  @Test
  void whatMayBeASecretIsNeverRepeated() {
    assertThat(faults("NewSource", "{\"name\": \"a\", \"scheme\": \"showpass\", \"secret\": 4711}"))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.field()).isEqualTo("secret");
              assertThat(fault.value()).isNull();
            });
    String header = "{\"Authorization\": \"hunter\\n2\"}";
    assertThat(
            faults(
                "NewEndpoint",
                "{\"name\": \"a\", \"url\": \"https://a.example/\", \"events\": [\"*\"],"
                    + " \"headers\": "
                    + header
                    + "}"))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.field()).isEqualTo("headers.Authorization");
              assertThat(fault.value()).isNull();
            });
  }

  @Test
  void textsThatBreakLinesOrTheDatabaseAreRefused() {
    DescribedBody organization = new DescribedBody("NewOrganization");
    for (String right :
        List.of("a", "Grüße 🎫", "'; DROP TABLE x; --", "\\u202Eabc", "a".repeat(120))) {
      assertThat(organization.faults("name", '"' + right + '"')).as(right).isEmpty();
    }
    for (String wrong :
        List.of(
            "",
            " ",
            "\\u00a0",
            "\\u2003 ",
            "a\\u0000",
            "a\\n",
            "\\u2028",
            "\\u0085",
            "\\ud800",
            "a".repeat(121))) {
      assertThat(organization.faults("name", '"' + wrong + '"')).as(wrong).isNotEmpty();
    }
    DescribedBody type = new DescribedBody("NewEventType");
    assertThat(type.faults("description", "\"two\\nlines\\r\\n\"")).isEmpty();
    assertThat(type.faults("description", "\"a\\tb\"")).isNotEmpty();
    assertThat(type.faults("name", "\"invoice.purchase\\n\"")).isNotEmpty();
    assertThat(type.faults("name", "\"usher.endpoint.disabled\"")).isNotEmpty();
    assertThat(type.faults("name", "\"usherette\"")).isEmpty();
  }

  @Test
  void parametersHaveTheTypesOfTheirSchemas() {
    Schema limit = description.schema("#/components/parameters/Limit/schema");
    Schema cursor = description.schema("#/components/parameters/Cursor/schema");
    DescribedCall list =
        new DescribedCall(
            null,
            List.of(
                new DescribedParameter("limit", "query", "", limit, true),
                new DescribedParameter("cursor", "query", "", cursor, false)),
            new SchemaWords(description.document()));
    for (String right : List.of("1", "250", "")) {
      assertThat(judged(list, "limit", right)).as(right).isEmpty();
    }
    for (String wrong : List.of("0", "251", "-1", "1.5", "x", "9".repeat(30), "１")) {
      assertThat(judged(list, "limit", wrong)).as(wrong).containsExactly("limit");
    }
    assertThat(judged(list, "cursor", "nonsense")).containsExactly("cursor");
    assertThat(judged(list, "colour", "red")).containsExactly("colour");
    MultiMap twice = MultiMap.caseInsensitiveMultiMap().add("limit", "1").add("limit", "2");
    assertThat(list.faults(twice, List.of(), Json.object())).hasSize(1);
  }

  private static List<String> judged(DescribedCall call, String name, String value) {
    MultiMap parameters = MultiMap.caseInsensitiveMultiMap().add(name, value);
    return call.faults(parameters, List.of(), Json.object()).stream().map(Fault::field).toList();
  }

  @Test
  void aRequestWithManyFaultsGetsAnAnswerOfBoundedLength() {
    StringBuilder body = new StringBuilder("{\"name\": \"a\"");
    for (int i = 0; i < 20_000; i++) {
      body.append(", \"m").append(i).append("\": 1");
    }
    Problem problem = Problem.invalid(faults("NewOrganization", body + "}"));
    assertThat(problem.detail()).startsWith("More than 100 faults");
    assertThat(problem.toJson().path("errors")).hasSize(100);

    String numbers = "[" + "1,".repeat(1_000_000) + "1]";
    assertThat(faults("NewEvents", "{\"events\": " + numbers + "}"))
        .hasSizeLessThanOrEqualTo(1_000);
  }
}
