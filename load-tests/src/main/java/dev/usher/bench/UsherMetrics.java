package dev.usher.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Usher itself counted, from {@code /metrics} of its management port. */
record UsherMetrics(HttpClient client, URI management) {
  private static final Pattern REQUESTS =
      Pattern.compile(
          "^usher_ingress_requests_total\\{(?:[^}]*,)?outcome=\"([^\"]*)\"[^}]*} (\\S+)",
          Pattern.MULTILINE);

  /** Requests so far by their outcome ({@code accepted}, {@code duplicate}, …), without zeros. */
  Map<String, Long> requestsByOutcome() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(management.resolve("/metrics"))
            .timeout(Duration.ofSeconds(10))
            .build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(request.uri() + " answered " + response.statusCode());
    }
    return parse(response.body());
  }

  static Map<String, Long> parse(String exposition) {
    Map<String, Long> byOutcome = new TreeMap<>();
    Matcher line = REQUESTS.matcher(exposition);
    while (line.find()) {
      long count = Math.round(Double.parseDouble(line.group(2)));
      if (count > 0) {
        byOutcome.merge(line.group(1), count, Long::sum);
      }
    }
    return byOutcome;
  }
}
