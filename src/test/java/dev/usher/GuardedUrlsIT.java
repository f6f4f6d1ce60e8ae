package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where an endpoint may not lie is told when it is created. */
@ExtendWith(EmbeddedStoresExtension.class)
class GuardedUrlsIT {
  private final TestStores stores;

  GuardedUrlsIT(TestStores stores) {
    this.stores = stores;
  }

  private static JsonObject endpoint(String url) {
    return new JsonObject()
        .put("name", "e")
        .put("url", url)
        .put("events", new JsonArray().add("*"));
  }

  @Test
  void aNameThatMeansAPrivateAddressIsRefusedWhenTheEndpointIsMadeAndWhenItIsMoved() {
    try (TestGateway gateway =
        TestGateway.start(stores, Map.of("USHER_DELIVERY_ALLOWED_NETWORKS", "10.0.0.0/8"))) {
      TestSource source = gateway.newSource();
      HttpResponse<String> made =
          gateway.call("POST", "/v1/endpoints", source.apiKey(), endpoint("https://localhost/"));
      assertThat(made.statusCode()).isEqualTo(400);
      assertThat(made.body()).contains("127.0.0.1 is loopback (127.0.0.0/8)");
      JsonObject there = gateway.newEndpoint(source, "https://10.0.0.1/");
      HttpResponse<String> moved =
          gateway.call(
              "PATCH",
              "/v1/endpoints/" + there.getString("id"),
              source.apiKey(),
              new JsonObject().put("url", "https://localhost/"));
      assertThat(moved.statusCode()).isEqualTo(400);
      assertThat(moved.body()).contains("127.0.0.1 is loopback (127.0.0.0/8)");
      // A name that nobody knows yet may be known when the first event comes.
      gateway.newEndpoint(source, "https://hooks.invalid/");
    }
  }

  @Test
  void anAddressWithAZoneIsAFaultOfTheCallersAndNotOfOurs() {
    try (TestGateway gateway = TestGateway.start(stores)) {
      TestSource source = gateway.newSource();
      HttpResponse<String> made =
          gateway.call(
              "POST", "/v1/endpoints", source.apiKey(), endpoint("https://[fe80::1%25eth9]/"));
      assertThat(made.statusCode()).isEqualTo(400);
      assertThat(made.body()).contains("without a zone");
    }
  }
}
