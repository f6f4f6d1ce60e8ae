package dev.usher.bench;

import dev.usher.load.ShowpassSignature;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/**
 * The raw HTTP request that wrk sends again and again, all but the last two parts of its
 * idempotency key, which the Lua script makes new each time. The signature covers only the
 * payload's {@code id}, so one is enough.
 */
record WrkRequest(String head, String tail, int bodyBytes) {
  private static final String SAMPLE = "invoice.purchase.json";
  private static final String KEY = "webhook_event_uuid";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A request to the source at {@code url}; its keys differ from those of every other one. */
  static WrkRequest to(URI url, String secret) {
    String body = sample();
    JsonObject event = new JsonObject(body);
    int bodyBytes = body.getBytes(StandardCharsets.UTF_8).length;
    String headers =
        """
        POST %s HTTP/1.1
        Host: %s
        User-Agent: Showpass
        Accept: */*
        Content-Type: application/json
        Content-Length: %d
        %s: %s

        """
            .formatted(
                url.getRawPath(),
                url.getAuthority(),
                bodyBytes,
                ShowpassSignature.HEADER,
                ShowpassSignature.sign(secret, event.getString("id")))
            .replace("\n", "\r\n");
    String key = event.getString(KEY);
    int at = body.indexOf(key);
    return new WrkRequest(
        headers + body.substring(0, at) + keyHead(), body.substring(at + key.length()), bodyBytes);
  }

  /** The first three parts of a random UUID: two starts of wrk never meet. */
  private static String keyHead() {
    byte[] bytes = new byte[8];
    RANDOM.nextBytes(bytes);
    String hex = HexFormat.of().formatHex(bytes);
    return "%s-%s-4%s-".formatted(hex.substring(0, 8), hex.substring(8, 12), hex.substring(12, 15));
  }

  /** The environment by which the script finds the request, written below {@code work}. */
  Map<String, String> writeTo(Path work) throws IOException {
    Path headFile = Files.writeString(work.resolve("request.head"), head);
    Path tailFile = Files.writeString(work.resolve("request.tail"), tail);
    return Map.of(
        "BENCH_REQUEST_HEAD", headFile.toString(), "BENCH_REQUEST_TAIL", tailFile.toString());
  }

  private static String sample() {
    try (InputStream in = WrkRequest.class.getResourceAsStream(SAMPLE)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + SAMPLE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
