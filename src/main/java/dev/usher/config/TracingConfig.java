package dev.usher.config;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Traces, which are off unless an endpoint is given.
 *
 * @param otlpEndpoint where a collector takes OTLP over HTTP, without the path {@code /v1/traces};
 *     null for no tracing
 * @param otlpHeaders what the collector wants to see with each request, {@code name=value} pairs
 *     separated by commas; null for nothing
 * @param ratio the share of traces that are kept where no sender has decided, 0 to 1
 */
public record TracingConfig(
    @Nullable URI otlpEndpoint, @Nullable Secret otlpHeaders, double ratio) {
  static final String ENDPOINT_EXPECTED =
      "the address of a collector for OTLP over HTTP, such as http://127.0.0.1:4318";
  static final String HEADERS_EXPECTED = "pairs such as name=value,name=value";
  static final String RATIO_EXPECTED = "a number from 0 to 1";

  public TracingConfig {
    new Limits()
        .that(
            otlpEndpoint == null || isCollector(otlpEndpoint),
            "tracing.otlp-endpoint",
            String.valueOf(otlpEndpoint),
            ENDPOINT_EXPECTED)
        .that(ratio >= 0 && ratio <= 1, "tracing.ratio", Double.toString(ratio), RATIO_EXPECTED)
        .that(
            otlpHeaders == null || pairs(otlpHeaders) != null,
            "tracing.otlp-headers",
            "a value",
            HEADERS_EXPECTED)
        .check();
  }

  /** The headers by their names. */
  public Map<String, String> headers() {
    Map<String, String> pairs = otlpHeaders == null ? null : pairs(otlpHeaders);
    return pairs == null ? Map.of() : pairs;
  }

  /** The endpoint with the path to which traces are sent; null for no tracing. */
  public @Nullable String tracesUrl() {
    return otlpEndpoint == null
        ? null
        : otlpEndpoint.toString().replaceFirst("/+$", "") + "/v1/traces";
  }

  // A password in the address would be written to the log; headers are kept secret.
  private static boolean isCollector(URI uri) {
    return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        && uri.getHost() != null
        && uri.getRawUserInfo() == null
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null;
  }

  private static @Nullable Map<String, String> pairs(Secret text) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String item : Settings.items(text.text())) {
      int equals = item.indexOf('=');
      if (equals < 1 || !item.chars().allMatch(c -> c >= ' ' && c <= '~')) {
        return null;
      }
      pairs.put(item.substring(0, equals).strip(), item.substring(equals + 1).strip());
    }
    return pairs;
  }
}
