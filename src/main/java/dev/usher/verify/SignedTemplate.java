package dev.usher.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.usher.crypto.Hmac;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a sender signs, written with placeholders: <code>{timestamp}.{body}</code>.
 *
 * <p>Two different requests must never be signed over the same bytes. Hence the body is there once,
 * a time stamp (digits) touches no digit, and an id touches no other placeholder and holds none of
 * the characters that part it from its neighbours.
 */
final class SignedTemplate {
  static final String BODY = "{body}";
  static final String TIMESTAMP = "{timestamp}";
  static final String ID = "{id}";

  private static final Pattern PART =
      Pattern.compile(
          "\\{body}|\\{timestamp}|\\{id}|[\\n -z|~]+"); // the rest: ASCII without braces

  private sealed interface Part {
    record Literal(String text, byte[] bytes) implements Part {}

    enum Placeholder implements Part {
      BODY,
      TIMESTAMP,
      ID
    }
  }

  private final List<Part> parts;

  private SignedTemplate(List<Part> parts) {
    this.parts = parts;
  }

  /** The template in {@code text}, or null where it is none that signs without doubt. */
  static @Nullable SignedTemplate parse(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = PART.matcher(text);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      end = matcher.end();
      String part = matcher.group();
      parts.add(
          switch (part) {
            case BODY -> Part.Placeholder.BODY;
            case TIMESTAMP -> Part.Placeholder.TIMESTAMP;
            case ID -> Part.Placeholder.ID;
            default -> new Part.Literal(part, part.getBytes(US_ASCII));
          });
    }
    SignedTemplate template = new SignedTemplate(List.copyOf(parts));
    return end == text.length() && template.isUnambiguous() ? template : null;
  }

  /** Whether the time stamp is signed. */
  boolean signsTimestamp() {
    return parts.contains(Part.Placeholder.TIMESTAMP);
  }

  /** Whether the id is signed. */
  boolean signsId() {
    return parts.contains(Part.Placeholder.ID);
  }

  /** Whether {@code id} stays clear of its neighbours. */
  boolean admitsId(String id) {
    int at = parts.indexOf(Part.Placeholder.ID);
    boolean clearBefore = at <= 1 || id.indexOf(lastOf(at - 1)) < 0;
    boolean clearAfter = at >= parts.size() - 2 || id.indexOf(firstOf(at + 1)) < 0;
    return at < 0 || (clearBefore && clearAfter);
  }

  /**
   * The MAC of one request.
   *
   * @param id empty where it is not signed
   * @param timestamp likewise
   */
  byte[] sign(Hmac hmac, byte[] body, byte[] id, byte[] timestamp) {
    for (Part part : parts) {
      hmac.update(
          switch (part) {
            case Part.Literal(_, byte[] bytes) -> bytes;
            case Part.Placeholder.BODY -> body;
            case Part.Placeholder.TIMESTAMP -> timestamp;
            case Part.Placeholder.ID -> id;
          });
    }
    return hmac.finish();
  }

  private boolean isUnambiguous() {
    for (Part.Placeholder placeholder : Part.Placeholder.values()) {
      int at = parts.indexOf(placeholder);
      if (at != parts.lastIndexOf(placeholder)) {
        return false;
      }
      if (at > 0 && !mayTouch(placeholder, parts.get(at - 1), lastOf(at - 1))) {
        return false;
      }
      if (at >= 0
          && at < parts.size() - 1
          && !mayTouch(placeholder, parts.get(at + 1), firstOf(at + 1))) {
        return false;
      }
    }
    return parts.contains(Part.Placeholder.BODY);
  }

  /**
   * Whether a placeholder may stand beside {@code neighbour}, of which it touches one character.
   */
  private static boolean mayTouch(Part.Placeholder placeholder, Part neighbour, char touched) {
    return switch (placeholder) {
      case BODY -> true; // a JSON object begins and ends with its braces, or white space
      case ID -> neighbour instanceof Part.Literal;
      case TIMESTAMP -> touched < '0' || touched > '9';
    };
  }

  /** The first character of a literal; of a placeholder, one that is no digit. */
  private char firstOf(int at) {
    return parts.get(at) instanceof Part.Literal(String text, _) ? text.charAt(0) : '\n';
  }

  private char lastOf(int at) {
    return parts.get(at) instanceof Part.Literal(String text, _)
        ? text.charAt(text.length() - 1)
        : '\n';
  }
}
