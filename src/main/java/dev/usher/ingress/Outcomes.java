package dev.usher.ingress;

import dev.usher.event.EventId;
import dev.usher.ingress.Outcome.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;

/**
 * All answers of the public door. Problems are RFC 9457, with a stable {@code code}. What is
 * refused for its signature, its time or its source gets one and the same answer, so that nobody
 * learns which.
 */
final class Outcomes {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence PROBLEM =
      HttpHeaders.createOptimized("application/problem+json");
  private static final CharSequence RETRY_AFTER_SECONDS = HttpHeaders.createOptimized("1");

  static final Outcome UNAUTHENTICATED =
      problem(
          Kind.UNAUTHENTICATED,
          401,
          "unauthenticated",
          "Not authenticated",
          "The signature is missing or wrong, its time is too far from now, or there is no such"
              + " source.");
  static final Outcome FORBIDDEN =
      problem(
          Kind.FORBIDDEN,
          403,
          "address-not-allowed",
          "Address not allowed",
          "The source does not accept requests from this address.");
  static final Outcome NOT_FOUND =
      problem(
          Kind.INVALID, 404, "not-found", "Not found", "Events are received at /in/{source id}.");
  static final Outcome METHOD_NOT_ALLOWED =
      problem(
          Kind.INVALID,
          405,
          "method-not-allowed",
          "Method not allowed",
          "Events are sent with POST.");
  static final Outcome BODY_TIMEOUT =
      closing(
          problem(
              Kind.INVALID,
              408,
              "body-timeout",
              "Request time-out",
              "The body did not arrive in time."));
  static final Outcome COMPRESSED =
      problem(
          Kind.INVALID,
          415,
          "compressed",
          "Unsupported media type",
          "The body is compressed; expected no Content-Encoding.");
  static final Outcome UNSUPPORTED_TYPE =
      problem(
          Kind.INVALID,
          415,
          "unsupported-media-type",
          "Unsupported media type",
          "The source's scheme does not send this Content-Type; most send application/json.");
  static final Outcome LIMITED =
      retry(
          problem(
              Kind.LIMITED,
              429,
              "rate-limited",
              "Too many requests",
              "The source sends more than its limit. Nothing was kept; send the event again."));
  static final Outcome OVERLOADED =
      retry(
          problem(
              Kind.OVERLOADED,
              503,
              "overloaded",
              "Overloaded",
              "More arrives than can be written down. Nothing was kept; send the event again."));
  static final Outcome STOPPING =
      closing(
          retry(
              problem(
                  Kind.UNAVAILABLE,
                  503,
                  "stopping",
                  "Stopping",
                  "This node is stopping. Nothing was kept; send the event again.")));
  static final Outcome UNAVAILABLE =
      retry(
          problem(
              Kind.UNAVAILABLE,
              503,
              "unavailable",
              "Unavailable",
              "The event cannot be written down now. Nothing was accepted; send it again."));

  private Outcomes() {}

  static Outcome accepted(EventId id) {
    return event(Kind.ACCEPTED, 202, id, "accepted");
  }

  static Outcome duplicate(EventId first) {
    return event(Kind.DUPLICATE, 200, first, "duplicate");
  }

  /**
   * The answer to a sender that asks whether we are here. It counts as accepted, although nothing
   * is kept: the outcomes are those that dashboards know.
   *
   * @param answer the JSON that the sender expects
   */
  static Outcome challenged(String answer) {
    return new Outcome(Kind.ACCEPTED, 200, "", "", JSON, Buffer.buffer(answer), null, false);
  }

  static Outcome conflict(EventId first) {
    return problem(
        Kind.CONFLICT,
        409,
        "idempotency-conflict",
        "Idempotency conflict",
        "This idempotency key was accepted before, with another body, as " + first + ".");
  }

  static Outcome malformed(String detail) {
    return problem(Kind.INVALID, 400, "malformed", "Malformed request", detail);
  }

  /**
   * The request cannot be told apart from what follows it: it is refused and the connection ends.
   */
  static Outcome unsafe(String detail) {
    return closing(malformed(detail));
  }

  static Outcome tooLarge(int limitBytes) {
    return closing(
        problem(
            Kind.INVALID,
            413,
            "body-too-large",
            "Body too large",
            "The body is over the limit of " + limitBytes + " bytes."));
  }

  static Outcome headersTooLarge(int limitBytes) {
    return closing(
        problem(
            Kind.INVALID,
            431,
            "headers-too-large",
            "Headers too large",
            "The headers are over the limit of " + limitBytes + " bytes."));
  }

  private static Outcome event(Kind kind, int status, EventId id, String word) {
    return new Outcome(
        kind,
        status,
        "",
        "",
        JSON,
        Buffer.buffer("{\"id\":\"" + id + "\",\"status\":\"" + word + "\"}"),
        null,
        false);
  }

  private static Outcome problem(Kind kind, int status, String code, String title, String detail) {
    JsonObject problem =
        new JsonObject()
            .put("type", "about:blank")
            .put("title", title)
            .put("status", status)
            .put("code", code)
            .put("detail", detail);
    return new Outcome(kind, status, code, detail, PROBLEM, problem.toBuffer(), null, false);
  }

  private static Outcome retry(Outcome outcome) {
    return new Outcome(
        outcome.kind(),
        outcome.status(),
        outcome.code(),
        outcome.detail(),
        outcome.contentType(),
        outcome.body(),
        RETRY_AFTER_SECONDS,
        outcome.closes());
  }

  private static Outcome closing(Outcome outcome) {
    return new Outcome(
        outcome.kind(),
        outcome.status(),
        outcome.code(),
        outcome.detail(),
        outcome.contentType(),
        outcome.body(),
        outcome.retryAfterSeconds(),
        true);
  }
}
