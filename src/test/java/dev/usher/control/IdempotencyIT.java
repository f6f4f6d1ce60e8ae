package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.control.ControlFixture.Response;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlFixture.Extension.class)
class IdempotencyIT {
  private static final String SOURCE = "{\"name\": \"S\", \"scheme\": \"showpass\"}";
  private static final Map<String, String> KEY = Map.of("Idempotency-Key", "order 66");

  private final ControlFixture control;
  private final Tenant tenant;

  IdempotencyIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
  }

  @Test
  void aRepeatedCreationGetsTheSameAnswerAndMakesNothing() {
    Response first = tenant.post("/v1/sources", SOURCE, KEY);
    Response second = tenant.post("/v1/sources", SOURCE, KEY);
    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.http().body()).isEqualTo(first.http().body());
    assertThat(second.header("location")).isEqualTo(first.header("location"));
    assertThat(first.header("idempotency-replayed")).isEmpty();
    assertThat(second.header("idempotency-replayed")).hasValue("true");
    assertThat(tenant.get("/v1/sources").body().path("data")).hasSize(1);
  }

  @Test
  void manyAtOnceMakeOneThing() throws ExecutionException, InterruptedException {
    Set<String> ids = new HashSet<>();
    try (ExecutorService together = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Response>> answers = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        answers.add(together.submit(() -> tenant.post("/v1/sources", SOURCE, KEY)));
      }
      for (Future<Response> answer : answers) {
        assertThat(answer.get().status()).isEqualTo(201);
        ids.add(answer.get().text("id"));
      }
    }
    assertThat(ids).hasSize(1);
    assertThat(tenant.get("/v1/sources").body().path("data")).hasSize(1);
  }

  @Test
  void aCallWhoseFirstIsStillInProgressIsToldSo() throws SQLException {
    try (Connection slow = control.connect()) {
      slow.setAutoCommit(false);
      try (PreparedStatement claim =
          slow.prepareStatement(
              "INSERT INTO api_idempotency (organization_id, key, request_hash)"
                  + " VALUES (?, 'order 66', 'x')")) {
        claim.setObject(1, tenant.uuid());
        claim.executeUpdate();
      }
      Response second = tenant.post("/v1/sources", SOURCE, KEY);
      assertThat(second.status()).isEqualTo(409);
      assertThat(second.text("code")).isEqualTo("in-progress");
      slow.rollback();
    }
    assertThat(tenant.post("/v1/sources", SOURCE, KEY).status()).isEqualTo(201);
  }

  @Test
  void anotherBodyOrCallUnderTheSameKeyIsAConflict() {
    tenant.post("/v1/sources", SOURCE, KEY);
    Response other = tenant.post("/v1/sources", "{\"name\": \"T\", \"scheme\": \"showpass\"}", KEY);
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.text("code")).isEqualTo("idempotency-conflict");
    String rotate = "/v1/sources/" + tenant.source() + "/secret/rotate";
    assertThat(tenant.post(rotate, SOURCE, KEY).status()).isEqualTo(409);
  }

  @Test
  void aRefusedCreationLeavesTheKeyFree() {
    assertThat(tenant.post("/v1/sources", "{\"name\": \"S\"}", KEY).status()).isEqualTo(400);
    String nowhere = "/v1/sources/src_" + "0".repeat(26) + "/secret/rotate";
    assertThat(tenant.post(nowhere, "{}", KEY).status()).isEqualTo(404);
    assertThat(tenant.post("/v1/sources", SOURCE, KEY).status()).isEqualTo(201);
  }

  @Test
  void keysOfTwoTenantsDoNotMeet() {
    Response mine = tenant.post("/v1/sources", SOURCE, KEY);
    Response theirs = control.tenant().post("/v1/sources", SOURCE, KEY);
    assertThat(theirs.status()).isEqualTo(201);
    assertThat(theirs.text("id")).isNotEqualTo(mine.text("id"));
  }

  @Test
  void theAdministratorsCreationsAreIdempotentToo() {
    Map<String, String> key = Map.of("Idempotency-Key", "of " + tenant.id());
    String body = "{\"name\": \"Once\"}";
    String admin = ControlFixture.ADMIN_KEY;
    Response first = control.call(control.port(), "POST", "/v1/organizations", admin, body, key);
    Response second = control.call(control.port(), "POST", "/v1/organizations", admin, body, key);
    assertThat(second.text("api_key")).startsWith("usher_").isEqualTo(first.text("api_key"));
  }

  @Test
  void aRotationUnderTheSameKeyHappensOnce() {
    String path = "/v1/endpoints/" + tenant.endpoint("*") + "/secret";
    Response first = tenant.post(path + "/rotate", "{}", KEY);
    Response second = tenant.post(path + "/rotate", "{}", KEY);
    assertThat(second.text("secret")).isEqualTo(first.text("secret"));
    assertThat(tenant.get(path).body().path("expiring")).hasSize(1);
  }

  @Test
  void keptAnswersAreUnreadableInTheDatabaseAndForgottenAfterADay() {
    Response first = tenant.post("/v1/sources", SOURCE, KEY);
    assertThat(
            control.number(
                """
                SELECT count(*) FROM api_idempotency
                WHERE organization_id = $1 AND position($2::bytea IN answer) > 0\
                """,
                tenant.uuid(),
                first.text("secret").getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isZero();
    control.sql(
        "UPDATE api_idempotency SET created_at = now() - interval '25 hours'"
            + " WHERE organization_id = $1",
        tenant.uuid());
    Response later = tenant.post("/v1/sources", SOURCE, KEY);
    assertThat(later.text("id")).isNotEqualTo(first.text("id"));
  }

  @Test
  void aKeyThatIsEmptyOrTooLongIsRefused() {
    for (String key : List.of("", "x".repeat(256), "caf\u00e9")) {
      Response refused = tenant.post("/v1/sources", SOURCE, Map.of("Idempotency-Key", key));
      assertThat(refused.status()).as(key).isEqualTo(400);
      assertThat(refused.body().path("errors").path(0).path("field").asText())
          .isEqualTo("Idempotency-Key");
    }
  }
}
