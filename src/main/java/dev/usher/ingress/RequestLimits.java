package dev.usher.ingress;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request's head must be like before its body is worth reading. */
final class RequestLimits {
  private final int bodyLimitBytes;

  RequestLimits(int bodyLimitBytes) {
    this.bodyLimitBytes = bodyLimitBytes;
  }

  /** Why the request is refused for its head alone; null where it is not. */
  @Nullable Outcome fault(HttpServerRequest request) {
    if (!HttpMethod.POST.equals(request.method())) {
      return Outcomes.METHOD_NOT_ALLOWED;
    }
    MultiMap headers = request.headers();
    Outcome ambiguous = ambiguous(request, headers);
    if (ambiguous != null) {
      return ambiguous;
    }
    if (headers.contains(HttpHeaders.CONTENT_ENCODING)
        && !"identity".equalsIgnoreCase(headers.get(HttpHeaders.CONTENT_ENCODING))) {
      return Outcomes.COMPRESSED;
    }
    String length = headers.get(HttpHeaders.CONTENT_LENGTH);
    return length != null && isOver(length) ? Outcomes.tooLarge(bodyLimitBytes) : null;
  }

  /**
   * Requests that two servers could read as different ones (RFC 9112, sections 3.2 and 6.1). An
   * unknown transfer coding would be taken for no body, and what follows for the next request.
   */
  private static @Nullable Outcome ambiguous(HttpServerRequest request, MultiMap headers) {
    boolean http10 = request.version() == HttpVersion.HTTP_1_0; // knows no transfer codings
    if (headers.contains(HttpHeaders.TRANSFER_ENCODING)
        && (http10 || !isChunked(headers.getAll(HttpHeaders.TRANSFER_ENCODING)))) {
      return Outcomes.unsafe("Expected no Transfer-Encoding other than chunked, of HTTP/1.1.");
    }
    int hosts = headers.getAll(HttpHeaders.HOST).size();
    return hosts == 1 || (http10 && hosts == 0)
        ? null
        : Outcomes.unsafe("Expected exactly one Host header, found " + hosts + ".");
  }

  private static boolean isChunked(List<String> codings) {
    return codings.size() == 1 && codings.getFirst().strip().equalsIgnoreCase("chunked");
  }

  private boolean isOver(String contentLength) {
    try {
      return Long.parseLong(contentLength.strip()) > bodyLimitBytes;
    } catch (NumberFormatException e) {
      return true; // the server refuses such a length itself; never let one through
    }
  }
}
