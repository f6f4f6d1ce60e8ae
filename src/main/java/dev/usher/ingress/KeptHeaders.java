package dev.usher.ingress;

import dev.usher.event.CredentialHeaders;
import dev.usher.trace.Trace;
import io.vertx.core.MultiMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a request that are kept with its event, one {@code name: value} a line: not those
 * that belong to the connection or to HTTP itself, and none that may carry credentials.
 *
 * <p>Not thread-safe: one for each event loop.
 */
final class KeptHeaders {
  /**
   * Spellings of names whose fate is remembered; senders use a few, and others may make up more.
   */
  private static final int MOST_NAMES = 256;

  /** Characters kept of all headers of an event; the rest is left out. */
  static final int MOST_CHARACTERS = 2_048;

  private static final String TRACE_PARENT = "traceparent";
  private static final String TRACE_STATE = "tracestate";

  private static final Set<String> LEFT_OUT =
      Set.of(
          "host",
          "content-type",
          "content-length",
          "content-encoding",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "accept",
          "accept-encoding",
          "accept-language");

  /** By a name as it was sent: how it is kept, in lower case, or empty where it is left out. */
  private final Map<String, String> names = new HashMap<>();

  /**
   * @param trace in which the event was accepted: what comes after it goes on there, so it is kept
   *     in the place of what the sender said of its own; null while tracing is off
   */
  String of(MultiMap headers, @Nullable Trace trace) {
    StringBuilder kept = new StringBuilder(128);
    if (trace != null) {
      keep(trace, kept);
    }
    for (Map.Entry<String, String> header : headers) {
      String name = keptName(header.getKey());
      if (trace != null && (name.equals(TRACE_PARENT) || name.equals(TRACE_STATE))) {
        continue;
      }
      String value = header.getValue();
      if (!name.isEmpty()
          && kept.length() + name.length() + value.length() + 3 <= MOST_CHARACTERS
          && isPlain(value)) {
        kept.append(name).append(": ").append(value).append('\n');
      }
    }
    return kept.toString();
  }

  private static void keep(Trace trace, StringBuilder kept) {
    kept.append(TRACE_PARENT).append(": ").append(trace.parent()).append('\n');
    String state = trace.state();
    if (state != null) {
      kept.append(TRACE_STATE).append(": ").append(state).append('\n');
    }
  }

  private String keptName(String sent) {
    String kept = names.get(sent);
    if (kept == null) {
      String name = sent.toLowerCase(Locale.ROOT);
      kept = LEFT_OUT.contains(name) || CredentialHeaders.mayBe(name) ? "" : name;
      if (names.size() < MOST_NAMES) {
        names.put(sent, kept);
      }
    }
    return kept;
  }

  /**
   * Whether a value has no control characters, which neither the journal nor a delivery could
   * carry.
   */
  static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7F) {
        return false;
      }
    }
    return true;
  }
}
