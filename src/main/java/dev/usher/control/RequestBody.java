package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The body of a request: an object, or the reason why it is refused. */
sealed interface RequestBody {
  /**
   * JSON in UTF-8, the only encoding that JSON has (RFC 8259, section 8.1); for PATCH also RFC
   * 7396.
   */
  Pattern MEDIA_TYPE =
      Pattern.compile(
          "application/(merge-patch\\+)?json\\s*(;\\s*charset\\s*=\\s*\"?utf-8\"?\\s*)?");

  Set<HttpMethod> WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

  /**
   * A body that was read.
   *
   * @param bytes as they came, for the comparison of repeated requests
   */
  record Read(ObjectNode json, byte[] bytes) implements RequestBody {
    /** Without the content, which may hold a secret. */
    @Override
    public String toString() {
      return "Read[" + bytes.length + " bytes]";
    }
  }

  /** A body that was refused. */
  record Refused(Problem problem) implements RequestBody {}

  /**
   * Reads the body of a paused request, as long as there is room for it. No body is an empty
   * object, and so is that of a method that has none.
   */
  static Future<RequestBody> of(HttpServerRequest request, BodyRules rules, BodyRoom.Share room) {
    boolean expected = WITH_BODY.contains(request.method());
    Promise<RequestBody> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    request.exceptionHandler(broken -> promise.tryComplete(incomplete()));
    request.handler(
        chunk -> {
          if (promise.future().isComplete()) {
            return; // refused; the rest is thrown away
          }
          if (body.length() + chunk.length() > rules.limitBytes()) {
            promise.complete(tooLarge(rules.limitBytes()));
          } else if (!room.grow(chunk.length())) {
            promise.complete(noRoom());
          } else {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        end ->
            promise.tryComplete(
                expected ? judge(body.getBytes(), request.headers(), rules) : empty(new byte[0])));
    request.resume();
    return promise.future();
  }

  private static RequestBody judge(byte[] bytes, MultiMap headers, BodyRules rules) {
    if (bytes.length == 0) {
      return empty(bytes);
    }
    String encoding = headers.get("content-encoding");
    String type = headers.get("content-type");
    if (type == null || !MEDIA_TYPE.matcher(type.strip().toLowerCase(Locale.ROOT)).matches()) {
      return unsupported("Send content-type: application/json");
    }
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return unsupported("Send the body without a content-encoding");
    }
    return switch (rules.payloads() ? Json.readPayloads(bytes) : Json.read(bytes)) {
      case Parsed.Valid<ObjectNode>(ObjectNode json) -> new Read(json, bytes);
      case Parsed.Invalid<ObjectNode>(List<Fault> faults) ->
          new Refused(
              new Problem(Problem.Kind.INVALID_JSON, "Expected " + faults.getFirst().expected()));
    };
  }

  /** Nobody may be there to read it any more. */
  private static RequestBody incomplete() {
    return new Refused(
        new Problem(Problem.Kind.REQUEST_TIMEOUT, "The body ended before it was complete"));
  }

  private static RequestBody empty(byte[] bytes) {
    return new Read(Json.object(), bytes);
  }

  private static RequestBody tooLarge(int limitBytes) {
    return new Refused(
        new Problem(Problem.Kind.BODY_TOO_LARGE, "The limit is " + limitBytes + " bytes"));
  }

  private static RequestBody noRoom() {
    return new Refused(Problem.overloaded("More arrives than there is room for; nothing was done"));
  }

  private static RequestBody unsupported(String detail) {
    return new Refused(new Problem(Problem.Kind.UNSUPPORTED_MEDIA_TYPE, detail));
  }
}
