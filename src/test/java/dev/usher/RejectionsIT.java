package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.crypto.ShowpassSigner;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Developers find out why their requests were refused, and nobody else does. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RejectionsIT {
  private final TestStores stores;
  private final TestGateway gateway;

  RejectionsIT(TestStores stores) {
    this.stores = stores;
    this.gateway = TestGateway.start(stores);
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  private List<JsonObject> rejections(TestSource source, String query) {
    return gateway.get("/v1/rejections" + query, source.apiKey()).getJsonArray("data").stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  private JsonObject await1(TestSource source, Predicate<JsonObject> wanted) {
    return await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> rejections(source, "").stream().filter(wanted).findFirst(), o -> o.isPresent())
        .orElseThrow();
  }

  @Test
  void aWrongSignatureIsExplainedWithoutTheRightOne() {
    TestSource source = gateway.newSource();
    JsonObject payload = TestSource.newPayload();
    int bytes = payload.encode().getBytes(StandardCharsets.UTF_8).length;
    HttpRequest forged = source.signed("another id", payload.encode()).build();
    assertThat(TestGateway.send(forged).statusCode()).isEqualTo(401);

    JsonObject shown = await1(source, _ -> true);

    assertThat(shown.getString("code")).isEqualTo("unauthenticated");
    assertThat(shown.getInteger("status")).isEqualTo(401);
    assertThat(shown.getString("source")).isEqualTo(source.path().substring("/in/".length()));
    assertThat(shown.getString("reason"))
        .contains("X-SHOWPASS-SIGNATURE")
        .contains("differs")
        .contains(bytes + " bytes")
        .contains("1 valid key");
    assertThat(shown.getString("address")).isEqualTo("127.0.0.1");
    assertThat(shown.getString("idempotency_key"))
        .isEqualTo(payload.getString("webhook_event_uuid"));
    assertThat(shown.getInteger("body_bytes")).isEqualTo(bytes);
    assertThat(shown.getInteger("alike")).isEqualTo(1);
    assertThat(shown.encode())
        .doesNotContain(source.secret())
        .doesNotContain(new ShowpassSigner(source.secret()).sign(payload.getString("id")));
  }

  @Test
  void everyKindOfRefusalIsThere() {
    TestSource source =
        gateway.newSource(
            new JsonObject().put("name", "door").put("scheme", "showpass").put("rate_limit", 1));
    JsonObject payload = TestSource.newPayload();
    assertThat(source.send(payload).statusCode()).isEqualTo(202);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> source.send(payload.copy().put("more", 1)).statusCode() == 409);
    TestGateway.send(source.signed("x", "{\"id\":\"x\",\"id\":\"y\"}").build());
    HttpRequest form =
        source.signed("x", "a=1").setHeader("content-type", "application/xml").build();
    TestGateway.send(form);
    TestGateway.send(HttpRequest.newBuilder(gateway.ingress(source.path())).build());

    JsonObject conflict =
        await1(source, one -> one.getString("code").equals("idempotency-conflict"));
    assertThat(conflict.getString("idempotency_key"))
        .isEqualTo(payload.getString("webhook_event_uuid"));
    for (String code :
        List.of("malformed", "unsupported-media-type", "method-not-allowed", "rate-limited")) {
      assertThat(await1(source, one -> one.getString("code").equals(code)).getString("reason"))
          .isNotBlank();
    }
    assertThat(rejections(source, "?code=malformed")).hasSize(1);
  }

  @Test
  void aFloodLeavesAFewRowsThatTellHowManyThereWere() {
    TestSource source = gateway.newSource();
    for (int i = 0; i < 300; i++) {
      TestGateway.send(source.signed("forged", TestSource.newPayload().encode()).build());
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                rejections(source, "?limit=250").stream()
                        .mapToInt(one -> one.getInteger("alike"))
                        .sum()
                    == 300);
    assertThat(rejections(source, "?limit=250").size()).isLessThan(100);
  }

  @Test
  void nobodyElseSeesThemAndWhatNamedNoSourceIsTheAdministrators() {
    TestSource source = gateway.newSource();
    TestSource stranger = gateway.newSource();
    TestGateway.send(source.signed("forged", TestSource.newPayload().encode()).build());
    TestGateway.send(
        HttpRequest.newBuilder(gateway.ingress("/in/src_00000000000000000000000000"))
            .header("content-type", "application/json")
            .header("webhook-id", "msg_7")
            .POST(BodyPublishers.ofString("{\"id\":\"x\"}"))
            .build());
    await1(source, _ -> true);
    assertThat(rejections(stranger, "")).isEmpty();
    assertThat(rejections(stranger, "?source=" + source.path().substring("/in/".length())))
        .isEmpty();

    JsonObject nameless =
        await()
            .atMost(Duration.ofSeconds(20))
            .until(
                () -> gateway.get("/v1/rejections", TestGateway.ADMIN_KEY).getJsonArray("data"),
                data -> find(data, "msg_7") != null)
            .stream()
            .map(JsonObject.class::cast)
            .filter(one -> "msg_7".equals(one.getString("idempotency_key")))
            .findFirst()
            .orElseThrow();
    assertThat(nameless.getString("source")).isNull();
    assertThat(nameless.getString("reason")).contains("no such source");
  }

  private static @Nullable JsonObject find(JsonArray data, String key) {
    return data.stream()
        .map(JsonObject.class::cast)
        .filter(one -> key.equals(one.getString("idempotency_key")))
        .findFirst()
        .orElse(null);
  }

  @Test
  void ofEachSourceTheNewestAreKept() {
    TestSource source = gateway.newSource();
    TestGateway.send(source.signed("forged", TestSource.newPayload().encode()).build());
    await1(source, _ -> true);
    Sql.run(
        stores.postgresUri(),
        """
        INSERT INTO rejections
        SELECT organization_id, source_id, gen_random_uuid(), code, status, 'old', null, null, null, 1
        FROM rejections, generate_series(1, 2000) WHERE organization_id = (
          SELECT organization_id FROM rejections WHERE reason LIKE '%differs%'
          ORDER BY id DESC LIMIT 1)
        """);
    TestGateway.send(source.signed("forged", TestSource.newPayload().encode()).build());
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(
                        Sql.value(
                            stores.postgresUri(),
                            "SELECT count(*) <= 505 FROM rejections WHERE organization_id = ("
                                + "SELECT organization_id FROM rejections WHERE reason = 'old'"
                                + " LIMIT 1)"))
                    .isEqualTo("t"));
  }
}
