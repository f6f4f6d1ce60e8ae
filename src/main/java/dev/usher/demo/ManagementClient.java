package dev.usher.demo;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Calls the management API. */
final class ManagementClient {
  private final HttpClient http;
  private final URI base;

  /**
   * @param base for example {@code http://127.0.0.1:8081}
   */
  ManagementClient(HttpClient http, URI base) {
    this.http = http;
    this.base = base;
  }

  /** Creates something; gives the answer. */
  JsonObject create(String path, String key, JsonObject body)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(base.resolve(path))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 201) {
      throw new IOException(
          "POST " + path + " answered " + answer.statusCode() + ": " + answer.body());
    }
    return new JsonObject(answer.body());
  }
}
