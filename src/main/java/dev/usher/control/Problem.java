package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * The answer to a call that could not be done (RFC 9457).
 *
 * @param kind what sort of problem; its code is stable
 * @param detail what happened this time and what would help
 * @param faults for a request that is not valid: everything that is wrong with it
 * @param headers that go with the answer
 */
record Problem(Kind kind, String detail, List<Fault> faults, Map<String, String> headers)
    implements Answer {
  static final String MEDIA_TYPE = "application/problem+json";

  /** More would be no help, and an answer must not be many times its request. */
  private static final int MOST_FAULTS = 100;

  /** The sorts of problem, each with the {@code code} by which programs tell it. */
  enum Kind {
    INVALID_JSON(400, "invalid-json", "The body is not valid JSON"),
    INVALID_REQUEST(400, "invalid-request", "The request is not valid"),
    ORGANIZATION_REQUIRED(400, "organization-required", "An organization must be named"),
    UNAUTHENTICATED(401, "unauthenticated", "A valid key is needed"),
    ROLE_NOT_ALLOWED(403, "role-not-allowed", "The key's role does not allow this"),
    NOT_FOUND(404, "not-found", "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "The method is not allowed here"),
    REQUEST_TIMEOUT(408, "request-timeout", "The request took too long to arrive"),
    IDEMPOTENCY_CONFLICT(409, "idempotency-conflict", "The Idempotency-Key was used differently"),
    ALREADY_EXISTS(409, "already-exists", "There is one of that name"),
    IN_PROGRESS(409, "in-progress", "The same call is still in progress"),
    TOO_MANY_SECRETS(409, "too-many-secrets", "Too many secrets are valid at once"),
    TOO_MANY_RECOVERIES(409, "too-many-recoveries", "Too many recoveries are running"),
    PRECONDITION_FAILED(412, "precondition-failed", "It was changed meanwhile"),
    BODY_TOO_LARGE(413, "body-too-large", "The body is too large"),
    URI_TOO_LONG(414, "uri-too-long", "The path and the query are too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "unsupported-media-type", "The body is not of a supported type"),
    HEADERS_TOO_LARGE(431, "headers-too-large", "The headers are too large"),
    INTERNAL(500, "internal", "Something went wrong on our side"),
    OVERLOADED(503, "overloaded", "More arrives than can be worked off"),
    UNAVAILABLE(503, "unavailable", "The service is not available right now");

    private final int status;
    private final String code;
    private final String title;

    Kind(int status, String code, String title) {
      this.status = status;
      this.code = code;
      this.title = title;
    }

    int status() {
      return status;
    }
  }

  Problem(Kind kind, String detail) {
    this(kind, detail, List.of(), Map.of());
  }

  /** A request with at least one fault. */
  static Problem invalid(List<Fault> faults) {
    String detail =
        faults.size() == 1 ? "1 fault; see errors" : faults.size() + " faults; see errors";
    if (faults.size() > MOST_FAULTS) {
      detail = "More than " + MOST_FAULTS + " faults; the first of them are in errors";
    }
    List<Fault> told = faults.stream().limit(MOST_FAULTS).toList();
    return new Problem(Kind.INVALID_REQUEST, detail, told, Map.of());
  }

  /** Something that does not exist, or that the caller may not know of: the two look the same. */
  static Problem notFound(String what) {
    return new Problem(Kind.NOT_FOUND, "There is no such " + what + " here");
  }

  /** A change of {@code what} that is under a condition which does not hold any more. */
  static Problem changedSince(String what, Stored now) {
    return new Problem(
        Kind.PRECONDITION_FAILED,
        "The " + what + " was changed since; look at it again before you change it",
        List.of(),
        Map.of("etag", now.etag()));
  }

  /** Nothing was done, or it is not known whether it was; trying again is right. */
  static Problem unavailable(String detail) {
    return new Problem(Kind.UNAVAILABLE, detail, List.of(), Map.of("retry-after", "2"));
  }

  /** Nothing was done for want of room; trying again a little later is right. */
  static Problem overloaded(String detail) {
    return new Problem(Kind.OVERLOADED, detail, List.of(), Map.of("retry-after", "1"));
  }

  ObjectNode toJson() {
    ObjectNode json =
        Json.object()
            .put("type", "urn:usher:problem:" + kind.code)
            .put("title", kind.title)
            .put("status", kind.status)
            .put("code", kind.code)
            .put("detail", detail);
    if (!faults.isEmpty()) {
      json.set("errors", Fault.all(faults));
    }
    return json;
  }
}
