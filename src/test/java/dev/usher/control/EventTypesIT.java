package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.usher.control.ControlFixture.Response;
import dev.usher.testing.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlFixture.Extension.class)
class EventTypesIT {
  private static final String PAID =
      """
      {"name": "order.paid", "description": "Money came in.\\nAt last.",
       "schema": {"type": "object", "required": ["amount"],
                  "properties": {"amount": {"type": "number"}}},
       "sample": null}\
      """;

  private final ControlFixture control;
  private Tenant tenant;

  EventTypesIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
  }

  @BeforeEach
  void anOrganizationForEachTest() {
    tenant = control.tenant();
  }

  @Test
  void theSixOfShowpassAreThereFromTheStart() {
    JsonNode types = tenant.get("/v1/event-types").body().path("data");
    assertThat(types.findValuesAsText("name"))
        .containsExactly(
            "invoice.purchase",
            "invoice.refund",
            "invoice.void",
            "invoice.transfer",
            "invoice.transferred",
            "webhook.test");
    for (JsonNode type : types) {
      assertThat(type.path("description").asText()).isNotEmpty();
      assertThat(type.path("sample").path("transaction_id").isTextual()).isTrue();
      assertThat(type.path("schema").isNull()).isTrue();
    }
  }

  @Test
  void aTypeIsMadeShownChangedAndDeleted() {
    Response made = tenant.post("/v1/event-types", PAID);
    assertThat(made.status()).as(made.http().body()).isEqualTo(201);
    assertThat(made.header("location")).hasValue("/v1/event-types/order.paid");
    assertThat(made.text("description")).isEqualTo("Money came in.\nAt last.");
    Response shown = tenant.get("/v1/event-types/order.paid");
    assertThat(shown.body()).isEqualTo(made.body());

    Response changed =
        tenant.patch(
            "/v1/event-types/order.paid",
            "{\"description\": null, \"schema\": {\"type\": \"object\"}, \"sample\": {\"a\":"
                + " null}}");
    assertThat(changed.status()).as(changed.http().body()).isEqualTo(200);
    assertThat(changed.text("description")).isEmpty();
    assertThat(changed.body().path("schema").toString()).isEqualTo("{\"type\":\"object\"}");
    assertThat(changed.body().path("sample").toString()).isEqualTo("{\"a\":null}");

    assertThat(tenant.delete("/v1/event-types/order.paid").status()).isEqualTo(204);
    assertThat(tenant.get("/v1/event-types/order.paid").status()).isEqualTo(404);
    assertThat(tenant.delete("/v1/event-types/order.paid").status()).isEqualTo(404);
    assertThat(tenant.patch("/v1/event-types/order.paid", "{}").status()).isEqualTo(404);
  }

  /** Shopify's topics are such names. */
  @Test
  void aNameMayHoldSlashes() {
    Response made =
        tenant.post("/v1/event-types", "{\"name\": \"orders/create\", \"description\": \"a\"}");
    assertThat(made.status()).as(made.http().body()).isEqualTo(201);
    String location = made.header("location").orElseThrow();
    assertThat(location).isEqualTo("/v1/event-types/orders%2Fcreate");
    assertThat(tenant.get(location).body()).isEqualTo(made.body());
    assertThat(tenant.patch(location, "{\"description\": \"b\"}").text("description"))
        .isEqualTo("b");
    assertThat(tenant.delete(location).status()).isEqualTo(204);
    for (String unreachable : List.of(".", "..")) {
      assertThat(tenant.post("/v1/event-types", "{\"name\": \"" + unreachable + "\"}").status())
          .isEqualTo(400);
    }
  }

  @Test
  void aSchemaIsJudgedBeforeTheTypeIsLocked() throws SQLException {
    tenant.post("/v1/event-types", PAID);
    try (Sql.Locked _ =
        Sql.lock(
            control.postgresUri(),
            "SELECT 1 FROM event_types WHERE organization_id = ? FOR UPDATE",
            tenant.uuid())) {
      Response refused =
          tenant.patch("/v1/event-types/order.paid", "{\"schema\": {\"type\": \"thing\"}}");
      assertThat(refused.status()).isEqualTo(400);
    }
  }

  @Test
  void twoEditorsAtOnceBothHaveTheirWay() {
    tenant.post("/v1/event-types", PAID);
    for (int round = 0; round < 20; round++) {
      String number = String.valueOf(round);
      var description =
          CompletableFuture.supplyAsync(
              () ->
                  tenant.patch(
                      "/v1/event-types/order.paid", "{\"description\": \"" + number + "\"}"));
      var schema =
          CompletableFuture.supplyAsync(
              () ->
                  tenant.patch(
                      "/v1/event-types/order.paid",
                      "{\"schema\": {\"minProperties\": " + number + "}}"));
      assertThat(description.join().status()).isEqualTo(200);
      assertThat(schema.join().status()).isEqualTo(200);
      JsonNode now = tenant.get("/v1/event-types/order.paid").body();
      assertThat(now.path("description").asText()).isEqualTo(number);
      assertThat(now.path("schema").path("minProperties").asText()).isEqualTo(number);
    }
  }

  @Test
  void aNameIsTakenOnceInAnOrganization() {
    assertThat(tenant.post("/v1/event-types", PAID).status()).isEqualTo(201);
    Response again = tenant.post("/v1/event-types", PAID);
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text("code")).isEqualTo("already-exists");
    assertThat(control.tenant().post("/v1/event-types", PAID).status()).isEqualTo(201);
  }

  @Test
  void everyFaultIsNamedAtOnce() {
    Response refused =
        tenant.post(
            "/v1/event-types",
            """
            {"name": "usher.mine", "description": "a\\u0000", "schema": {"type": "thing"},
             "sample": 7, "colour": 1}\
            """);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().path("errors").findValuesAsText("field"))
        .contains("name", "description", "sample", "colour")
        .anyMatch(field -> field.startsWith("schema.type"));
    Response sample =
        tenant.post("/v1/event-types", PAID.replace("\"sample\": null", "\"sample\": {}"));
    assertThat(sample.body().path("errors").findValuesAsText("field"))
        .containsExactly("sample.amount");
    tenant.post("/v1/event-types", PAID);
    assertThat(tenant.patch("/v1/event-types/order.paid", "{\"name\": \"b\"}").status())
        .isEqualTo(400);
  }

  @Test
  void aPublishedEventMustFitTheSchemaOfItsType() {
    tenant.post("/v1/event-types", PAID);
    Response refused =
        tenant.post("/v1/events", "{\"type\": \"order.paid\", \"data\": {\"amount\": \"ten\"}}");
    assertThat(refused.status()).isEqualTo(400);
    JsonNode error = refused.body().path("errors").path(0);
    assertThat(error.path("field").asText()).isEqualTo("data.amount");
    assertThat(error.path("value").asText()).isEqualTo("ten");
    assertThat(error.path("expected").asText()).contains("number");
    assertThat(
            tenant
                .post("/v1/events", "{\"type\": \"order.paid\", \"data\": {\"amount\": 10}}")
                .status())
        .isEqualTo(202);
    Response batch =
        tenant.post(
            "/v1/events/batch",
            """
            {"events": [{"type": "order.paid", "data": {"amount": 1}}, {"type": "b", "data": {}},
                        {"type": "order.paid", "data": {}}]}\
            """);
    assertThat(batch.body().path("errors").findValuesAsText("field"))
        .containsExactly("events[2].data.amount");
  }

  @Test
  void aChangedSchemaHoldsForTheNextEvent() {
    tenant.post("/v1/event-types", PAID);
    String event = "{\"type\": \"order.paid\", \"data\": {}}";
    assertThat(tenant.post("/v1/events", event).status()).isEqualTo(400);
    tenant.patch("/v1/event-types/order.paid", "{\"schema\": {\"maxProperties\": 0}}");
    assertThat(tenant.post("/v1/events", event).status()).isEqualTo(202);
    tenant.patch("/v1/event-types/order.paid", "{\"schema\": null}");
    assertThat(
            tenant.post("/v1/events", "{\"type\": \"order.paid\", \"data\": {\"a\": 1}}").status())
        .isEqualTo(202);
  }

  @Test
  void aReceivedEventIsOnlyMarked() {
    tenant.post("/v1/event-types", PAID);
    String right = event("{\"event_type\": \"order.paid\", \"data\": {\"amount\": 1}}");
    String wrong = event("{\"event_type\": \"order.paid\", \"data\": {\"amount\": \"1\"}}");
    String bare = event("{\"amount\": 1}");
    String text = event("amount=1");
    assertThat(faults(right)).isEmpty();
    assertThat(faults(wrong)).containsExactly("amount");
    assertThat(faults(bare)).isEmpty();
    assertThat(faults(text)).isNotEmpty();
    String other = tenant.event("other", null, "{}", Instant.now());
    assertThat(tenant.get("/v1/events/" + other).body().path("schema_faults").isNull()).isTrue();
  }

  private String event(String payload) {
    return tenant.event("order.paid", null, payload, Instant.now());
  }

  private List<String> faults(String event) {
    JsonNode shown = tenant.get("/v1/events/" + event).body();
    assertThat(shown.path("schema_faults").isArray()).as(shown.toString()).isTrue();
    return shown.path("schema_faults").findValuesAsText("field");
  }
}
