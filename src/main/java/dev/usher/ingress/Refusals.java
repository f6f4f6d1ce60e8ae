package dev.usher.ingress;

import dev.usher.event.Source;
import dev.usher.event.UuidV7;
import dev.usher.journal.Rejection;
import dev.usher.journal.RejectionLog;
import dev.usher.payload.Member;
import dev.usher.payload.TopLevel;
import dev.usher.payload.TopLevelReader;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the sample of refused requests why each was refused. Only of those that it keeps anything
 * is read.
 *
 * <p>One for each event loop; not thread-safe.
 */
final class Refusals {
  /** Of a request of which no more is known than its head. */
  static final Known NOTHING = new Known(null, null, null);

  private static final int MAX_REASON_CHARACTERS = 500;
  private static final int MAX_KEY_CHARACTERS = 255;

  /** Where senders say which event it is, whether they are to be believed or not. */
  private static final List<String> KEY_HEADERS =
      List.of(
          "webhook-id", "svix-id", "x-github-delivery", "x-shopify-event-id", "linear-delivery");

  private static final List<String> KEY_MEMBERS = List.of("webhook_event_uuid", "id");

  private final RejectionLog log;
  private final SenderAddress senders;
  private final UuidV7 ids;
  private final TopLevelReader reader = new TopLevelReader();

  Refusals(RejectionLog log, SenderAddress senders, UuidV7 ids) {
    this.log = log;
    this.senders = senders;
    this.ids = ids;
  }

  /**
   * What is known of a request when it is refused.
   *
   * @param body null where it was not read
   * @param key its idempotency key; null where that is not known
   * @param reason for the source's owner; null where the sender is told the same
   */
  record Known(byte @Nullable [] body, @Nullable String key, @Nullable String reason) {}

  /** Counts the refusal, and may keep it. */
  void note(HttpServerRequest request, @Nullable Source source, Outcome outcome, Known known) {
    log.refused(source, outcome.code(), () -> rejection(request, source, outcome, known));
  }

  private Rejection rejection(
      HttpServerRequest request, @Nullable Source source, Outcome outcome, Known known) {
    byte[] body = known.body;
    InetAddress sender = senders.of(request);
    String key = known.key != null ? known.key : claimedKey(request, body);
    String reason = known.reason != null ? known.reason : outcome.detail();
    return new Rejection(
        ids.next(),
        source == null ? null : source.organization(),
        source == null ? null : source.id(),
        outcome.code(),
        outcome.status(),
        plain(reason, MAX_REASON_CHARACTERS),
        sender == null ? null : sender.getHostAddress(),
        key == null ? null : plain(key, MAX_KEY_CHARACTERS),
        body == null ? null : body.length);
  }

  /** The key by which a developer finds the request again; nothing rests on it. */
  private @Nullable String claimedKey(HttpServerRequest request, byte @Nullable [] body) {
    for (String header : KEY_HEADERS) {
      String value = request.getHeader(header);
      if (value != null) {
        return value;
      }
    }
    if (body != null && reader.read(body, KEY_MEMBERS) instanceof TopLevel.Members members) {
      for (String name : KEY_MEMBERS) {
        if (members.get(name) instanceof Member.Text(String text)) {
          return text;
        }
      }
    }
    return null;
  }

  /** What strangers send is cut, and cannot break a line, a page or the database. */
  private static String plain(String text, int maxCharacters) {
    StringBuilder plain = new StringBuilder(Math.min(text.length(), maxCharacters) + 1);
    text.codePoints()
        .limit(maxCharacters)
        .map(c -> Character.isISOControl(c) || isUnsafe(c) ? '\uFFFD' : c)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }

  private static boolean isUnsafe(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
