package dev.usher.load;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The calls of the management API that make a gateway ready for a load test, and clean again. */
public final class ManagementApi implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final int AT_A_TIME = 8;

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI control;

  /** The API at {@code control}, for example {@code http://127.0.0.1:8081}. */
  public ManagementApi(URI control) {
    this.control = control;
  }

  /** An organization and the key that works inside it. */
  public record Organization(String id, String apiKey) {}

  /**
   * A source of events.
   *
   * @param path where its events are sent, below the public address
   */
  public record Source(String id, String path, String secret) {}

  /** An endpoint to which events are delivered. */
  public record Endpoint(String id, String secret) {}

  /** The API did not do what it was asked; the message has the call and the answer. */
  public static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /**
   * Creates an organization.
   *
   * @throws IOException when the API cannot be reached or does not answer 201
   */
  public Organization createOrganization(String adminKey, String name)
      throws IOException, InterruptedException {
    JsonObject made = create("/v1/organizations", adminKey, new JsonObject().put("name", name));
    return new Organization(text(made, "id"), text(made, "api_key"));
  }

  /**
   * Creates a source of the scheme {@code showpass} whose secret the gateway makes.
   *
   * @throws IOException when the API cannot be reached or does not answer 201
   */
  public Source createShowpassSource(Organization organization, String name)
      throws IOException, InterruptedException {
    JsonObject body = new JsonObject().put("name", name).put("scheme", "showpass");
    JsonObject made = create("/v1/sources", organization.apiKey(), body);
    return new Source(text(made, "id"), text(made, "path"), text(made, "secret"));
  }

  /** The pattern of an endpoint that gets every event. */
  public static final String ALL = "*";

  /**
   * Creates an endpoint.
   *
   * @param events the pattern of the types that it gets
   * @param concurrency exchanges at the same time; empty for the gateway's default
   * @throws IOException when the API cannot be reached or does not answer 201
   */
  public Endpoint createEndpoint(
      Organization organization, String name, URI url, String events, OptionalInt concurrency)
      throws IOException, InterruptedException {
    JsonObject more = new JsonObject();
    concurrency.ifPresent(limit -> more.put("concurrency", limit));
    return createEndpoint(organization, name, url, events, more);
  }

  /**
   * Creates an endpoint.
   *
   * @param events the pattern of the types that it gets
   * @param more members of the API's endpoint besides, for example {@code rate_limit}
   * @throws IOException when the API cannot be reached or does not answer 201
   */
  public Endpoint createEndpoint(
      Organization organization, String name, URI url, String events, JsonObject more)
      throws IOException, InterruptedException {
    JsonObject body =
        new JsonObject()
            .put("name", name)
            .put("url", url.toString())
            .put("events", new JsonArray().add(events))
            .mergeIn(more);
    JsonObject made = create("/v1/endpoints", organization.apiKey(), body);
    return new Endpoint(text(made, "id"), text(made, "secret"));
  }

  /**
   * Creates many endpoints at the same address, several at a time.
   *
   * @throws IOException when one of them is refused
   */
  public void createEndpoints(Organization organization, List<String> names, URI url, String events)
      throws IOException, InterruptedException {
    try (ExecutorService several = Executors.newFixedThreadPool(AT_A_TIME)) {
      List<Callable<Endpoint>> calls =
          names.stream()
              .<Callable<Endpoint>>map(
                  name ->
                      () -> createEndpoint(organization, name, url, events, OptionalInt.empty()))
              .toList();
      for (Future<Endpoint> created : several.invokeAll(calls)) {
        created.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  /**
   * Deletes an organization: its keys, sources and endpoints end, and what they are owed.
   *
   * @throws IOException when the API cannot be reached or does not answer 204
   */
  public void deleteOrganization(String adminKey, Organization organization)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(control.resolve("/v1/organizations/" + organization.id()))
            .timeout(TIMEOUT)
            .header("authorization", "Bearer " + adminKey)
            .DELETE()
            .build();
    int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status != 204) {
      throw new Refused("DELETE " + request.uri() + " answered " + status);
    }
  }

  private JsonObject create(String path, String key, JsonObject body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(control.resolve(path))
            .timeout(TIMEOUT)
            .header("authorization", "Bearer " + key)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    String call = "POST " + control.resolve(path);
    if (response.statusCode() != 201) {
      throw new Refused(call + " answered " + response.statusCode() + ": " + response.body());
    }
    try {
      return new JsonObject(response.body());
    } catch (DecodeException e) {
      throw new Refused(call + " answered with no JSON object: " + response.body());
    }
  }

  private static String text(JsonObject object, String member) throws Refused {
    if (object.getValue(member) instanceof String value) {
      return value;
    }
    throw new Refused("expected a text '" + member + "' in the answer: " + object.encode());
  }

  @Override
  public void close() {
    client.close();
  }
}
