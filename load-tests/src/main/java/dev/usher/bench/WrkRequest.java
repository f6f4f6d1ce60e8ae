package dev.usher.bench;

import dev.usher.load.ShowpassSignature;
import dev.usher.measure.EventKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The raw HTTP request that is sent again and again, all but the last two parts of its idempotency
 * key, which are new each time. The signature covers only the payload's {@code id}, so one is
 * enough.
 *
 * @param keys how many keys each thread of wrk has before it begins anew; 0 for no end
 */
record WrkRequest(String head, String tail, int bodyBytes, int keys) {
  // The last two parts of a UUID, and the dash between them.
  private static final int OPEN_CHARS = 17;

  /** A request to the source at {@code url}; its keys differ from those of every other one. */
  static WrkRequest to(URI url, String secret, Payload payload, int keys) {
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
                payload.bytes(),
                ShowpassSignature.HEADER,
                ShowpassSignature.sign(secret, payload.id()))
            .replace("\n", "\r\n");
    String key = new EventKey(EventKey.newSender(), 0).text();
    String body = payload.body();
    int at = body.indexOf(payload.key());
    return new WrkRequest(
        headers + body.substring(0, at) + key.substring(0, key.length() - OPEN_CHARS),
        body.substring(at + key.length()),
        payload.bytes(),
        keys);
  }

  /**
   * Writes it below {@code work}.
   *
   * @return the environment by which wrk's script finds it
   */
  Map<String, String> writeTo(Path work) throws IOException {
    Path headFile = Files.writeString(headFile(work), head);
    Path tailFile = Files.writeString(tailFile(work), tail);
    return Map.of(
        "BENCH_REQUEST_HEAD", headFile.toString(),
        "BENCH_REQUEST_TAIL", tailFile.toString(),
        "BENCH_KEYS", Integer.toString(keys));
  }

  static Path headFile(Path work) {
    return work.resolve("request.head");
  }

  static Path tailFile(Path work) {
    return work.resolve("request.tail");
  }
}
