package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.control.ControlFixture.Response;
import dev.usher.event.EventId;
import dev.usher.event.UuidV7;
import dev.usher.journal.Appended;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is wrong with published events, and what the fates of right ones look like. */
@ExtendWith(ControlFixture.Extension.class)
class PublishingRulesIT {
  private static final String EVENT = "{\"type\": \"a.b\", \"data\": {}}";

  private final ControlFixture control;
  private final Tenant tenant;

  PublishingRulesIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
  }

  @AfterEach
  void eventsAreAcceptedAgain() {
    control.publishing(new Appended.Accepted());
  }

  @Test
  void everyFaultIsNamedAtOnce() {
    Response refused =
        tenant.post("/v1/events", "{\"type\": \"a b\", \"data\": 7, \"id\": \"\", \"x\": 1}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().path("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("type", "data", "id", "x");
  }

  @Test
  void theFaultsOfABatchTellTheirPlace() {
    Response refused =
        tenant.post(
            "/v1/events/batch",
            """
            {"events": [{"type": "a", "data": {}}, {"type": "usher.endpoint.disabled", "data": {}},
                        "x", {"data": {}, "id": 7}, {"type": "a"}]}\
            """);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().path("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder(
            "events[1].type", "events[2]", "events[3].type", "events[3].id", "events[4].data");
  }

  @Test
  void aBatchHoldsUpToAThousandEvents() {
    String events = String.join(",", Collections.nCopies(1_000, EVENT));
    Response taken = tenant.post("/v1/events/batch", "{\"events\": [" + events + "]}");
    assertThat(taken.status()).isEqualTo(202);
    assertThat(taken.body().path("data")).hasSize(1_000);
    assertThat(taken.body().path("failed").asInt()).isZero();
    Response refused =
        tenant.post("/v1/events/batch", "{\"events\": [" + events + "," + EVENT + "]}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(tenant.post("/v1/events/batch", "{\"events\": []}").status()).isEqualTo(400);
    assertThat(tenant.post("/v1/events/batch", "{}").status()).isEqualTo(400);
  }

  @Test
  void dataMayBeAsLargeAsWhatIsReceived() {
    String padding = "x".repeat(1024 * 1024 - 8);
    String event = "{\"type\": \"a\", \"data\": {\"p\":\"%s\"}}";
    assertThat(tenant.post("/v1/events", event.formatted(padding)).status()).isEqualTo(202);
    Response refused = tenant.post("/v1/events", event.formatted(padding + "x"));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().path("errors").findValuesAsText("field")).containsExactly("data");
    assertThat(tenant.post("/v1/events", event.formatted("x".repeat(1_100_000))).status())
        .isEqualTo(413);
    String deep = "{\"a\":".repeat(120) + "1" + "}".repeat(120);
    assertThat(tenant.post("/v1/events", "{\"type\": \"a\", \"data\": " + deep + "}").status())
        .isEqualTo(202);
    String deeper = "{\"a\":".repeat(140) + "1" + "}".repeat(140);
    assertThat(tenant.post("/v1/events", "{\"type\": \"a\", \"data\": " + deeper + "}").status())
        .isEqualTo(400);
  }

  @Test
  void theFateOfAnEventIsToldAsThePublicDoorTellsIt() {
    EventId first = new EventId(UuidV7.unguessable(InstantSource.system()));
    control.publishing(new Appended.Known(first, true));
    Response duplicate = tenant.post("/v1/events", EVENT);
    assertThat(duplicate.status()).isEqualTo(200);
    assertThat(duplicate.text("id")).isEqualTo(first.toString());
    assertThat(duplicate.text("status")).isEqualTo("duplicate");

    control.publishing(new Appended.Known(first, false));
    Response conflict = tenant.post("/v1/events", EVENT);
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.text("code")).isEqualTo("idempotency-conflict");
    assertThat(conflict.text("detail")).contains(first.toString());

    control.publishing(new Appended.Overloaded());
    Response overloaded = tenant.post("/v1/events", EVENT);
    assertThat(overloaded.status()).isEqualTo(503);
    assertThat(overloaded.text("code")).isEqualTo("overloaded");
    assertThat(overloaded.header("retry-after")).isPresent();

    control.publishing(new Appended.Unavailable());
    assertThat(tenant.post("/v1/events", EVENT).text("code")).isEqualTo("unavailable");
  }

  @Test
  void eachEventOfABatchHasAFateOfItsOwn() {
    EventId first = new EventId(UuidV7.unguessable(InstantSource.system()));
    control.publishing(new Appended.Known(first, false));
    String batch = "{\"events\": [" + EVENT + "," + EVENT + "]}";
    Response conflicts = tenant.post("/v1/events/batch", batch);
    assertThat(conflicts.status()).isEqualTo(202);
    assertThat(conflicts.body().path("failed").asInt()).isEqualTo(2);
    assertThat(conflicts.body().path("data").path(1).path("status").asText()).isEqualTo("conflict");
    assertThat(conflicts.body().path("data").path(1).path("id").asText())
        .isEqualTo(first.toString());

    control.publishing(new Appended.Overloaded());
    assertThat(tenant.post("/v1/events/batch", batch).status()).isEqualTo(503);
  }

  @Test
  void anIdempotencyKeyThatIsMalformedIsRefused() {
    Response refused = tenant.post("/v1/events", EVENT, Map.of("Idempotency-Key", ""));
    assertThat(refused.status()).isEqualTo(400);
  }
}
