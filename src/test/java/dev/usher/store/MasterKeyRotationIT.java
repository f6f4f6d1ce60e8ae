package dev.usher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.Main;
import dev.usher.crypto.SecretBox;
import dev.usher.crypto.ShowpassSigner;
import dev.usher.testing.ChildJvm;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Flow;
import dev.usher.testing.Sql;
import dev.usher.testing.TestCertificate;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestReceiver.Received;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The master key is changed while gateways receive and deliver, and nothing is lost by it. */
@ExtendWith(EmbeddedStoresExtension.class)
class MasterKeyRotationIT {
  private static final byte[] OLD = key(1);
  private static final byte[] NEW = key(2);
  private static final String UNDER_NEW = new SecretBox(NEW).currentKeyId();

  private final TestStores stores;
  private final PostgresUri uri;

  MasterKeyRotationIT(TestStores stores) {
    this.stores = stores;
    this.uri = PostgresUri.parse(stores.postgresUri());
  }

  @AfterEach
  void nothingIsLeftOver() {
    for (String table : List.of("secrets", "endpoints", "sources", "api_idempotency")) {
      Sql.run(stores.postgresUri(), "DELETE FROM " + table);
    }
  }

  private static byte[] key(int fill) {
    byte[] key = new byte[SecretBox.MASTER_KEY_BYTES];
    Arrays.fill(key, (byte) fill);
    return key;
  }

  private static String setting(byte[]... keys) {
    return String.join(",", Arrays.stream(keys).map(Base64.getEncoder()::encodeToString).toList());
  }

  private TestGateway gateway(byte[]... keys) {
    return TestGateway.start(stores, Map.of("USHER_MASTER_KEY", setting(keys)));
  }

  private MasterKeyRotation rotation() {
    return new MasterKeyRotation(uri, new SecretBox(NEW, List.of(OLD)));
  }

  private long sealedUnderAnother() {
    return Long.parseLong(
        Objects.requireNonNull(
            Sql.value(
                stores.postgresUri(),
                "SELECT (SELECT count(*) FROM secrets WHERE master_key_id <> ?)"
                    + " + (SELECT count(*) FROM endpoints WHERE tls_key_master_key_id <> ?)"
                    + " + (SELECT count(*) FROM api_idempotency WHERE master_key_id <> ?)",
                UNDER_NEW,
                UNDER_NEW,
                UNDER_NEW)));
  }

  private static HttpResponse<String> createOnce(TestGateway gateway, TestSource tenant) {
    return TestGateway.send(
        HttpRequest.newBuilder(gateway.control("/v1/sources"))
            .header("authorization", "Bearer " + tenant.apiKey())
            .header("content-type", "application/json")
            .header("idempotency-key", "once")
            .POST(BodyPublishers.ofString("{\"name\": \"once\", \"scheme\": \"showpass\"}"))
            .build());
  }

  @Test
  void theKeyIsChangedWithoutAStop() throws InterruptedException {
    try (TestReceiver receiver = new TestReceiver()) {
      TestGateway first = gateway(OLD);
      TestSource source = first.newSource();
      JsonObject endpoint = first.newEndpoint(source, receiver.url());
      String path = "/v1/endpoints/" + endpoint.getString("id");
      TestCertificate certificate = TestCertificate.of("dns:client.example");
      JsonObject tls =
          new JsonObject()
              .put("certificate", certificate.certificate())
              .put("key", certificate.key());
      assertThat(first.call("PUT", path + "/tls", source.apiKey(), tls).statusCode())
          .isEqualTo(200);
      String made = createOnce(first, source).body();
      first.call(
          "POST", path + "/secret/rotate", source.apiKey(), new JsonObject().put("overlap", "1h"));
      String secret = first.get(path + "/secret", source.apiKey()).getString("secret");

      TestGateway second = gateway(OLD, NEW);
      first.close();
      TestGateway third = gateway(NEW, OLD);
      try (second) {
        Flow flow = Flow.start(source, second.ingress(""));
        JsonObject late = third.newEndpoint(source, receiver.url());
        assertThat(
                second
                    .get("/v1/endpoints/" + late.getString("id") + "/secret", source.apiKey())
                    .getString("secret"))
            .isEqualTo(late.getString("secret"));
        assertThat(sealedUnderAnother()).isGreaterThanOrEqualTo(5);

        MasterKeyRotation.Result result = rotation().run(_ -> {});

        assertThat(result.sealedAnew()).isGreaterThanOrEqualTo(5);
        assertThat(result.left()).isEmpty();
        assertThat(result.damaged()).isEmpty();
        assertThat(sealedUnderAnother()).isZero();
        assertThat(rotation().run(_ -> {}).sealedAnew()).isZero();
        assertThat(second.get(path + "/secret", source.apiKey()).getString("secret"))
            .isEqualTo(secret);
        flow.stop();
        assertThat(flow.accepted()).isNotEmpty();
        assertThat(flow.cut()).isEmpty();
      }
      third.close();
      try (TestGateway last = gateway(NEW)) {
        assertThat(last.get(path + "/secret", source.apiKey()).getString("secret"))
            .isEqualTo(secret);
        assertThat(createOnce(last, source).body()).isEqualTo(made);
        JsonObject payload = TestSource.newPayload();
        HttpResponse<String> accepted = source.send(last, payload);
        assertThat(accepted.statusCode()).isEqualTo(202);
        String id = new JsonObject(accepted.body()).getString("id");
        Received received = awaitReceived(receiver, id);
        assertThat(received.headers().get("X-SHOWPASS-SIGNATURE")).isNotBlank();
        assertThat(signatures(receiver, id))
            .contains(new ShowpassSigner(secret).sign(payload.getString("id")));
      }
    }
  }

  private static Received awaitReceived(TestReceiver receiver, String id) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> receiver.received().stream().filter(r -> r.webhookId().equals(id)).findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }

  private static List<String> signatures(TestReceiver receiver, String id) {
    return receiver.received().stream()
        .filter(received -> received.webhookId().equals(id))
        .map(received -> received.headers().get("X-SHOWPASS-SIGNATURE"))
        .toList();
  }

  @Test
  void whatSomebodyHasLockedIsDoneWhenItIsFree()
      throws SQLException, InterruptedException, ExecutionException {
    try (TestGateway gateway = gateway(OLD);
        Connection other = uri.dataSource().getConnection();
        Statement locking = other.createStatement();
        ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
      TestSource one = gateway.newSource();
      TestSource two = gateway.newSource();
      other.setAutoCommit(false);
      locking.execute("SELECT * FROM secrets ORDER BY id LIMIT 1 FOR UPDATE");
      CountDownLatch stepped = new CountDownLatch(1);
      Future<MasterKeyRotation.Result> running =
          thread.submit(() -> rotation().run(_ -> stepped.countDown()));
      stepped.await();
      assertThat(sealedUnderAnother()).isEqualTo(1);
      assertThat(running.isDone()).isFalse();
      other.commit();
      assertThat(running.get().sealedAnew()).isEqualTo(2);
      assertThat(sealedUnderAnother()).isZero();
      assertThat(one.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
      assertThat(two.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
    }
  }

  @Test
  void whatDoesNotOpenIsNamedAndTheRestIsDone() {
    try (TestGateway gateway = gateway(OLD)) {
      for (int i = 0; i < 3; i++) {
        gateway.newSource();
      }
    }
    Sql.run(
        stores.postgresUri(),
        "UPDATE secrets SET ciphertext = 'short' WHERE id = (SELECT id FROM secrets ORDER BY id"
            + " LIMIT 1)");
    Sql.run(
        stores.postgresUri(),
        "UPDATE secrets SET master_key_id = 'ffffffff' WHERE id = (SELECT id FROM secrets ORDER BY"
            + " id DESC LIMIT 1)");
    MasterKeyRotation.Result result = rotation().run(_ -> {});
    assertThat(result.sealedAnew()).isEqualTo(1);
    assertThat(result.damaged()).singleElement().asString().startsWith("secrets of ");
    assertThat(result.left())
        .isEqualTo(Map.of("ffffffff", 1, new SecretBox(OLD).currentKeyId(), 1));
  }

  @Test
  void theCommandSaysWhatItDidAndWhatIsLeft() {
    try (TestGateway gateway = gateway(OLD)) {
      gateway.newSource();
    }
    assertThat(command(setting(NEW)))
        .anySatisfy(line -> assertThat(line).contains("1 still sealed"));
    assertThat(sealedUnderAnother()).isEqualTo(1);
    assertThat(command(setting(NEW, OLD)))
        .anySatisfy(line -> assertThat(line).contains("1 secrets are sealed under the new key"))
        .noneSatisfy(line -> assertThat(line).contains("still"));
    assertThat(sealedUnderAnother()).isZero();
    assertThat(command("c2hvcnQ=,c2hvcnQ="))
        .anySatisfy(line -> assertThat(line).contains("USHER_MASTER_KEY: (hidden)"));
  }

  private List<String> command(String masterKey) {
    Map<String, String> environment = new HashMap<>(TestGateway.environment(stores));
    environment.put("USHER_MASTER_KEY", masterKey);
    try (ChildJvm command = ChildJvm.start(environment, Main.class, "rotate-master-key")) {
      command.awaitExit();
      return command.lines();
    }
  }
}
