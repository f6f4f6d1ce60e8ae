package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.Endpoint;
import dev.usher.filter.FilterReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the settings of an endpoint and finds everything that is wrong with them. */
final class EndpointSettingsReader {
  private static final List<String> MEMBERS =
      List.of(
          "name",
          "url",
          "events",
          "signature",
          "headers",
          "timeout",
          "retry_schedule",
          "concurrency",
          "rate_limit",
          "ordered",
          "filter");
  private static final int MAX_URL_CHARACTERS = 2_048;
  private static final int MAX_PATTERNS = 100;
  private static final int MAX_RETRIES = 20;
  private static final int MAX_CONCURRENCY = 1_000;
  private static final int MAX_RATE = 1_000_000;
  private static final int MAX_PORT = 65_535;
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration MIN_WAIT = Duration.ofSeconds(1);
  private static final Duration MAX_WAIT = Duration.ofHours(24);
  private static final String URL_EXPECTED =
      "an absolute https:// URL of at most 2048 ASCII characters, without user or fragment";

  private final EndpointUrlPolicy urlPolicy;

  EndpointSettingsReader(EndpointUrlPolicy urlPolicy) {
    this.urlPolicy = urlPolicy;
  }

  /**
   * Reads {@code document}.
   *
   * @param urlIsNew whether the policy judges the URL. One that was stored under an older policy
   *     must not keep an endpoint from being renamed
   */
  Parsed<EndpointSettings> read(ObjectNode document, boolean urlIsNew) {
    Fields fields = new Fields(document, MEMBERS);
    String name = fields.name("name");
    URI url = url(fields, urlIsNew);
    List<String> events = events(fields);
    Endpoint.Signature signature = signature(fields);
    Map<String, String> headers = fields.texts("headers", HeaderRules.MAX_HEADERS);
    HeaderRules.check(headers, fields);
    Duration timeout = fields.duration("timeout", MIN_TIMEOUT, MAX_TIMEOUT);
    List<Duration> retrySchedule = retrySchedule(fields);
    Integer concurrency = fields.integer("concurrency", 1, MAX_CONCURRENCY);
    Integer rateLimit = fields.integer("rate_limit", 1, MAX_RATE);
    boolean ordered = ordered(fields);
    String filter = filter(fields);
    return fields.result(
        () ->
            new EndpointSettings(
                Objects.requireNonNull(name),
                Objects.requireNonNull(url),
                events,
                signature,
                headers,
                timeout,
                retrySchedule,
                concurrency,
                rateLimit,
                ordered,
                filter));
  }

  private @Nullable URI url(Fields fields, boolean judged) {
    JsonNode value = fields.required("url", URL_EXPECTED);
    if (value == null) {
      return null;
    }
    URI url = value.isTextual() ? webUrl(value.textValue()) : null;
    if (url == null) {
      fields.fault(Fault.of("url", value, URL_EXPECTED));
    } else if (url.getRawUserInfo() != null) {
      fields.fault(Fault.hidden("url", URL_EXPECTED)); // it may hold a password
    } else if (judged) {
      urlPolicy
          .fault(url)
          .ifPresent(
              fault -> fields.fault(Fault.of("url", value, fault.replaceFirst("^expected ", ""))));
    }
    return url;
  }

  /** {@code text} as an http or https URL with a host; null where it is not one. */
  private static @Nullable URI webUrl(String text) {
    try {
      URI url = new URI(text);
      boolean web =
          "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
      boolean right =
          web
              && text.length() <= MAX_URL_CHARACTERS
              && TextRules.isVisibleAscii(text)
              && url.getHost() != null
              && url.getRawFragment() == null
              && (url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= MAX_PORT));
      return right ? url : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static List<String> events(Fields fields) {
    String expected = EventPatterns.EXPECTED;
    JsonNode value = fields.required("events", "a list of event types, prefix.* or *");
    List<JsonNode> given =
        value == null ? null : fields.list("events", value, 1, MAX_PATTERNS, "event patterns");
    List<String> patterns = new ArrayList<>();
    for (int i = 0; given != null && i < given.size(); i++) {
      JsonNode pattern = given.get(i);
      if (pattern.isTextual() && EventPatterns.isPattern(pattern.textValue())) {
        patterns.add(pattern.textValue());
      } else {
        fields.fault(Fault.of("events[" + i + "]", pattern, expected));
      }
    }
    return patterns;
  }

  private static Endpoint.Signature signature(Fields fields) {
    JsonNode value = fields.member("signature");
    if (value == null) {
      return Endpoint.Signature.BOTH;
    }
    for (Endpoint.Signature signature : Endpoint.Signature.values()) {
      if (value.isTextual() && value.textValue().equals(EndpointSettings.text(signature))) {
        return signature;
      }
    }
    String known =
        Arrays.stream(Endpoint.Signature.values())
            .map(EndpointSettings::text)
            .collect(Collectors.joining(", "));
    fields.fault(Fault.of("signature", value, "one of " + known));
    return Endpoint.Signature.BOTH;
  }

  private static @Nullable List<Duration> retrySchedule(Fields fields) {
    JsonNode value = fields.member("retry_schedule");
    List<JsonNode> given =
        value == null
            ? null
            : fields.list("retry_schedule", value, 1, MAX_RETRIES, "waits such as \"5m\"");
    if (given == null) {
      return null;
    }
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Duration wait =
          fields.duration("retry_schedule[" + i + "]", given.get(i), MIN_WAIT, MAX_WAIT);
      if (wait != null) {
        waits.add(wait);
      }
    }
    return waits;
  }

  /** As it was given, where it is one. */
  private static @Nullable String filter(Fields fields) {
    JsonNode value = fields.member("filter");
    if (value != null) {
      FilterReader.read(
          value,
          "filter",
          (field, given, expected) -> fields.fault(Fault.of(field, given, expected)));
    }
    return value == null ? null : value.toString();
  }

  private static boolean ordered(Fields fields) {
    JsonNode value = fields.member("ordered");
    if (value != null && !value.isBoolean()) {
      fields.fault(Fault.of("ordered", value, "true or false"));
    }
    return value != null && value.booleanValue();
  }
}
