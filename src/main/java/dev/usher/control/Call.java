package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.Admission.Admitted;
import dev.usher.event.OrganizationId;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An admitted request.
 *
 * @param path with the ids in it, as it was asked for
 * @param id the id in the path; empty where the path has none
 * @param faults what the description finds wrong with it: {@link Fields} and {@link Query} begin
 *     with them
 * @param idempotencyKey null where the caller gave none
 * @param ifMatch which revision the caller wants to change; null for any
 * @param traceparent where the caller's trace goes on (W3C Trace Context); null where there is none
 */
record Call(
    String method,
    String path,
    String id,
    MultiMap query,
    RequestBody.Read body,
    List<Fault> faults,
    @Nullable String idempotencyKey,
    @Nullable IfMatch ifMatch,
    @Nullable String traceparent,
    Admitted caller) {

  /** What a call does. It answers exactly once, also where it fails: with a problem. */
  @FunctionalInterface
  interface Operation {
    Future<Answer> run(Call call);
  }

  OrganizationId organization() {
    return caller.organization();
  }

  UUID keySpace() {
    return caller.keySpace();
  }

  ObjectNode json() {
    return body.json();
  }

  /** Whether the caller's condition lets {@code stored} be changed. */
  boolean fits(Stored stored) {
    return ifMatch == null || ifMatch.fits(stored.etag());
  }

  /** Goes on with the id in the path; one that is malformed exists as little as one never made. */
  <T> Future<Answer> withId(
      Function<String, @Nullable T> parse, String what, Function<T, Future<Answer>> next) {
    T parsed = parse.apply(id);
    return parsed == null ? Future.succeededFuture(Problem.notFound(what)) : next.apply(parsed);
  }

  /** Goes on with what was read, or answers with all that is wrong with it. */
  static <T> Future<Answer> with(Parsed<T> parsed, Function<T, Future<Answer>> next) {
    return switch (parsed) {
      case Parsed.Valid<T>(T value) -> next.apply(value);
      case Parsed.Invalid<T>(List<Fault> faults) -> Future.succeededFuture(Problem.invalid(faults));
    };
  }

  /** Goes on with what was found; what was not is no such thing. */
  static <T> Future<Answer> found(
      Optional<T> found, String what, Function<T, Future<Answer>> next) {
    return found.map(next).orElseGet(() -> Future.succeededFuture(Problem.notFound(what)));
  }

  /** Tells a repeated request from another one under the same {@code Idempotency-Key}. */
  byte[] requestHash() {
    MessageDigest sha256 = ApiKey.sha256();
    sha256.update((method + " " + path + "\n").getBytes(StandardCharsets.UTF_8));
    return sha256.digest(body.bytes());
  }
}
