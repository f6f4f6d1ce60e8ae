package dev.usher.measure;

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
import java.util.stream.Stream;

/**
 * What a gateway tells about itself at one moment, from {@code /metrics} of its management port
 * (Prometheus' text format, as far as Usher uses it).
 */
public record Exposition(String text) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /**
   * Asks a gateway.
   *
   * @throws IOException when it cannot be reached or does not answer 200
   */
  public static Exposition of(HttpClient client, URI management)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(management.resolve("/metrics")).timeout(TIMEOUT).build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(request.uri() + " answered " + response.statusCode());
    }
    return new Exposition(response.body());
  }

  /**
   * The sum of a metric's values over all of its labels.
   *
   * @param labels that must be there, each as {@code name="value"}
   */
  public double sum(String metric, String... labels) {
    return lines(metric)
        .filter(line -> Stream.of(labels).allMatch(line::contains))
        .mapToDouble(Exposition::value)
        .sum();
  }

  /** Whether the metric is there at all. */
  public boolean has(String metric) {
    return lines(metric).findAny().isPresent();
  }

  /** The sums of a counter by one of its labels, rounded, without zeros. */
  public Map<String, Long> by(String label, String metric) {
    Pattern labelled = Pattern.compile("[{,]" + Pattern.quote(label) + "=\"([^\"]*)\"");
    Map<String, Long> sums = new TreeMap<>();
    lines(metric)
        .forEach(
            line -> {
              Matcher found = labelled.matcher(line);
              long count = Math.round(value(line));
              if (count > 0 && found.find()) {
                sums.merge(found.group(1), count, Long::sum);
              }
            });
    return sums;
  }

  private Stream<String> lines(String metric) {
    return text.lines()
        .filter(
            line ->
                line.startsWith(metric)
                    && line.length() > metric.length()
                    && (line.charAt(metric.length()) == '{'
                        || line.charAt(metric.length()) == ' '));
  }

  private static double value(String line) {
    int labels = line.lastIndexOf('}');
    String rest = labels < 0 ? line.substring(line.indexOf(' ')) : line.substring(labels + 1);
    return Double.parseDouble(rest.strip().split(" ", -1)[0]);
  }
}
