package dev.usher.measure;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The idempotency key of an event that a load test has sent: a UUID whose last twelve digits count
 * the events of one sender. So a bit is enough to remember each event that was sent or received,
 * however long the run.
 *
 * @param sender the first 24 characters, dashes included: another for each run, and for each thread
 *     of wrk
 * @param number from 0
 */
public record EventKey(String sender, int number) {
  /** The member of a payload that holds it. */
  public static final String MEMBER = "webhook_event_uuid";

  private static final String QUOTED_MEMBER = '"' + MEMBER + '"';
  private static final int SENDER_CHARS = 24;
  private static final int CHARS = 36;

  // All payloads of the load tests begin with id, type and key.
  private static final int SEARCHED_BYTES = 512;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A sender's part that no other has. */
  public static String newSender() {
    byte[] bytes = new byte[8];
    RANDOM.nextBytes(bytes);
    String hex = HexFormat.of().formatHex(bytes);
    return "%s-%s-4%s-8%s-"
        .formatted(
            hex.substring(0, 8), hex.substring(8, 12), hex.substring(12, 15), hex.substring(13));
  }

  /** The key as a payload holds it. */
  public String text() {
    return "%s%012x".formatted(sender, number);
  }

  /** The key in the beginning of a payload; empty where there is none of ours. */
  public static Optional<EventKey> find(Buffer body) {
    int searched = Math.min(SEARCHED_BYTES, body.length());
    String head = body.getString(0, searched, StandardCharsets.ISO_8859_1.name());
    int member = head.indexOf(QUOTED_MEMBER);
    int open = member < 0 ? -1 : head.indexOf('"', member + QUOTED_MEMBER.length());
    if (open < 0 || open + CHARS >= head.length()) {
      return Optional.empty();
    }
    int number = open + 1 + SENDER_CHARS;
    try {
      return Optional.of(
          new EventKey(
              head.substring(open + 1, number),
              Integer.parseInt(head, number, open + 1 + CHARS, 16)));
    } catch (NumberFormatException notOurs) {
      return Optional.empty();
    }
  }
}
