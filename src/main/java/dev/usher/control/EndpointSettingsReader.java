package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.Endpoint;
import dev.usher.filter.FilterReader;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the settings of an endpoint and finds everything that is wrong with them. */
final class EndpointSettingsReader {
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

  /** Reads the body of a call that makes an endpoint. */
  Parsed<EndpointSettings> readNew(Call call) {
    return read(new Fields(call), true);
  }

  /**
   * Reads what a call makes of an endpoint. The policy judges a URL that the call names only: one
   * that was stored under an older policy must not keep an endpoint from being renamed.
   */
  Parsed<EndpointSettings> readChanged(Call call, ObjectNode patched) {
    return read(new Fields(call, patched), call.json().has("url"));
  }

  private Parsed<EndpointSettings> read(Fields fields, boolean urlIsNew) {
    URI url = url(fields, urlIsNew);
    Map<String, String> headers = fields.map("headers", HeaderRules.MAX_HEADERS);
    HeaderRules.check(headers, fields);
    Duration timeout = fields.duration("timeout", MIN_TIMEOUT, MAX_TIMEOUT);
    List<Duration> retrySchedule = fields.durations("retry_schedule", MIN_WAIT, MAX_WAIT);
    String filter = filter(fields);
    return fields.result(
        () ->
            new EndpointSettings(
                fields.textOrEmpty("name"),
                Objects.requireNonNull(url),
                Objects.requireNonNull(fields.texts("events")),
                signature(fields),
                headers,
                timeout,
                retrySchedule,
                fields.integer("concurrency"),
                fields.integer("rate_limit"),
                fields.isTrue("ordered"),
                filter));
  }

  private @Nullable URI url(Fields fields, boolean judged) {
    String text = fields.text("url");
    if (text == null) {
      return null;
    }
    URI url = webUrl(text);
    if (url == null) {
      fields.fault(Fault.of("url", text, URL_EXPECTED));
    } else if (url.getRawUserInfo() != null) {
      fields.fault(Fault.hidden("url", URL_EXPECTED)); // it may hold a password
    } else if (judged) {
      urlPolicy.fault(url).ifPresent(why -> fields.fault(urlFault(text, why)));
    }
    return url;
  }

  /** What the policy has against a URL. */
  static Fault urlFault(String url, String why) {
    return Fault.of("url", url, why.replaceFirst("^expected ", ""));
  }

  /** {@code text} as a URL with a host; null where it is not one. */
  private static @Nullable URI webUrl(String text) {
    try {
      URI url = new URI(text);
      boolean right =
          url.getHost() != null
              && url.getRawFragment() == null
              && (url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= MAX_PORT));
      return right ? url : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static Endpoint.Signature signature(Fields fields) {
    String text = fields.text("signature");
    for (Endpoint.Signature signature : Endpoint.Signature.values()) {
      if (EndpointSettings.text(signature).equals(text)) {
        return signature;
      }
    }
    return Endpoint.Signature.BOTH; // where it is missing
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
}
