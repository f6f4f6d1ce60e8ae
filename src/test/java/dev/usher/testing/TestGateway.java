package dev.usher.testing;

import dev.usher.Gateway;
import dev.usher.StoreAccess;
import dev.usher.config.ConfigReader;
import dev.usher.config.ConfigResult;
import dev.usher.config.UsherConfig;
import dev.usher.store.PostgresUri;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A whole gateway in this JVM, on real stores and free ports, spoken to over HTTP. Several may run
 * on the same stores.
 */
public final class TestGateway implements AutoCloseable {
  public static final String ADMIN_KEY = "the-admin-key-of-the-tests";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Gateway gateway;

  private TestGateway(Gateway gateway) {
    this.gateway = gateway;
  }

  /** Starts one with two event loops, short waits, and leave to deliver to the loopback. */
  public static TestGateway start(TestStores stores) {
    return start(stores, Map.of());
  }

  /**
   * Starts one.
   *
   * @param settings environment variables, over those of {@link #start(TestStores)}
   */
  public static TestGateway start(TestStores stores, Map<String, String> settings) {
    UsherConfig config = config(stores, settings);
    StoreAccess access =
        new StoreAccess(
            PostgresUri.parse(stores.postgresUri()),
            config.store().redisUris(),
            ADMIN_KEY,
            config.security().masterKeys());
    return new TestGateway(await(Gateway.start(config, access, InstantSource.system(), "test")));
  }

  /** The environment that a gateway on these stores needs, also one in a process of its own. */
  public static Map<String, String> environment(TestStores stores) {
    Map<String, String> environment = new HashMap<>();
    environment.put("USHER_POSTGRES_URI", stores.postgresUri());
    environment.put("USHER_REDIS_URI", stores.redisUri());
    environment.put("USHER_ADMIN_KEY", ADMIN_KEY);
    environment.put("USHER_MASTER_KEY", Base64.getEncoder().encodeToString(new byte[32]));
    environment.put("USHER_INGRESS_HOST", "127.0.0.1");
    environment.put("USHER_INGRESS_PORT", "0");
    environment.put("USHER_CONTROL_PORT", "0");
    environment.put("USHER_MANAGEMENT_PORT", "0");
    environment.put("USHER_RUNTIME_EVENT_LOOPS", "2");
    environment.put("USHER_DELIVERY_ALLOWED_NETWORKS", "127.0.0.0/8");
    environment.put("USHER_DELIVERY_LEASE_DURATION", "5s");
    environment.put("USHER_SHUTDOWN_GRACE", "10s");
    return environment;
  }

  private static UsherConfig config(TestStores stores, Map<String, String> settings) {
    Map<String, String> environment = environment(stores);
    environment.putAll(settings);
    return switch (ConfigReader.read(environment, null)) {
      case ConfigResult.Read(UsherConfig config) -> config;
      case ConfigResult.Faulty(var faults) -> throw new AssertionError(faults);
    };
  }

  /** Where events of a source are received. */
  public URI ingress(String path) {
    return URI.create("http://127.0.0.1:" + gateway.ports().ingress() + path);
  }

  public URI management(String path) {
    return URI.create("http://127.0.0.1:" + gateway.ports().management() + path);
  }

  /** The management API. */
  public URI control(String path) {
    return URI.create("http://127.0.0.1:" + gateway.ports().control() + path);
  }

  /** A new organization with a Showpass source. */
  public TestSource newSource() {
    return newSource(new JsonObject().put("name", "door").put("scheme", "showpass"));
  }

  /** A new organization with a source as described. */
  public TestSource newSource(JsonObject description) {
    JsonObject organization =
        expect(
            201, call("POST", "/v1/organizations", ADMIN_KEY, new JsonObject().put("name", "t")));
    String key = organization.getString("api_key");
    JsonObject source = expect(201, call("POST", "/v1/sources", key, description));
    return new TestSource(
        this,
        organization.getString("id"),
        key,
        source.getString("path"),
        source.getString("secret"));
  }

  /** An endpoint that wants every event; gives the answer, with id and secret. */
  public JsonObject newEndpoint(TestSource source, String url) {
    return newEndpoint(source, url, new JsonObject());
  }

  /**
   * An endpoint that wants every event.
   *
   * @param more members beside name, URL and events
   */
  public JsonObject newEndpoint(TestSource source, String url, JsonObject more) {
    JsonObject description =
        new JsonObject().put("name", "e").put("url", url).put("events", new JsonArray().add("*"));
    return expect(201, call("POST", "/v1/endpoints", source.apiKey(), description.mergeIn(more)));
  }

  /** Calls the management API; {@code body} may be empty for none. */
  public HttpResponse<String> call(String method, String path, String key, JsonObject body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(control(path))
            .timeout(LONGEST_WAIT)
            .header("authorization", "Bearer " + key);
    if (body.isEmpty()) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("content-type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body.encode()));
    }
    return sendToControl(request.build());
  }

  /** As {@link #send}, to the management API: the answer has to be as it is described. */
  public static HttpResponse<String> sendToControl(HttpRequest request) {
    HttpResponse<String> answer = send(request);
    DescribedAnswers.check(
        request.method(),
        request.uri().getRawPath(),
        answer.statusCode(),
        answer.headers().firstValue("content-type").orElse(""),
        answer.body());
    return answer;
  }

  /** What the management API says at {@code path}. */
  public JsonObject get(String path, String key) {
    return expect(200, call("GET", path, key, new JsonObject()));
  }

  private static JsonObject expect(int status, HttpResponse<String> answer) {
    if (answer.statusCode() != status) {
      throw new AssertionError(answer + ": " + answer.body());
    }
    return new JsonObject(answer.body());
  }

  /** Sends a request, and waits up to half a minute for the answer. */
  public static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(request + " was not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The value of a metric's line that begins with {@code name}; 0 where there is none. */
  public double metric(String name) {
    String scraped = send(HttpRequest.newBuilder(management("/metrics")).build()).body();
    return scraped
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** All that it says at {@code /metrics}. */
  public Scrape scrape() {
    return Scrape.parse(send(HttpRequest.newBuilder(management("/metrics")).build()).body());
  }

  @Override
  public void close() {
    await(gateway.stop(Duration.ofSeconds(10)));
  }

  private static <T> T await(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
