package dev.usher.bench;

import dev.usher.bare.Receiver;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a {@link Receiver} in another process what it has got. */
record ReceiverClient(HttpClient client, long pid, int countPort) {
  Receiver.Counts counts() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + countPort + "/count"))
            .timeout(Duration.ofSeconds(10))
            .build();
    JsonObject counts =
        new JsonObject(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    return new Receiver.Counts(
        counts.getLong("requests"), counts.getLong("distinct"), counts.getLong("last_at_micros"));
  }
}
