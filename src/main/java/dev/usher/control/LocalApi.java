package dev.usher.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The management API without HTTP, for pages that this process serves: the same calls, the same
 * rules of who may make them, the same answers.
 */
public interface LocalApi {
  /** Who holds the key; empty where it does not open. */
  Future<Optional<Holder>> holder(Credential credential);

  /** Makes a call. Fails never: what goes wrong is an answer too. */
  Future<LocalAnswer> call(LocalCall call);

  /**
   * A call.
   *
   * @param organization where the administrator makes it, as {@code Usher-Organization} would say;
   *     null for nowhere
   * @param route method and path as they are described, for example {@code GET /v1/events/:id}
   * @param id what stands for {@code :id}; empty where the path has none
   * @param query parameters; empty ones are left out
   * @param body an empty object where there is none
   */
  record LocalCall(
      Credential credential,
      @Nullable String organization,
      String route,
      String id,
      Map<String, String> query,
      ObjectNode body) {

    /** A call with neither query nor body. */
    public LocalCall(
        Credential credential, @Nullable String organization, String route, String id) {
      this(credential, organization, route, id, Map.of(), JsonNodeFactory.instance.objectNode());
    }
  }

  /**
   * An answer.
   *
   * @param status as over HTTP
   * @param body what was asked for, or a problem; empty where there is none
   */
  record LocalAnswer(int status, ObjectNode body) {
    /** Whether the call was done. */
    public boolean ok() {
      return status < 300;
    }
  }
}
