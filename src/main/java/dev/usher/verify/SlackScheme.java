package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.usher.event.SecretKey;
import dev.usher.payload.Member;
import dev.usher.payload.PathReader;
import dev.usher.payload.PathValues;
import dev.usher.payload.TopLevelReader;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Slack (docs.slack.dev/authentication/verifying-requests-from-slack): {@link V0Signature} under
 * the app's signing secret. Slack sends three kinds of requests:
 *
 * <ul>
 *   <li>events, in JSON: the key is {@code event_id}, the type {@code event.type};
 *   <li>interactions, forms with JSON in {@code payload}: the type is its {@code type};
 *   <li>slash commands, other forms: the type is {@code slash_command}.
 * </ul>
 *
 * The key of a form is its {@code trigger_id} and of whatever has none its content. {@code
 * url_verification} and {@code ssl_check} are answered and are no events.
 *
 * <p>Option: {@code tolerance}.
 */
final class SlackScheme implements SignatureScheme {
  private static final List<String> HEADERS =
      List.of("X-Slack-Signature", "X-Slack-Request-Timestamp");
  private static final Credentials SECRET =
      Credentials.of("the app's signing secret", "xoxb-", "xoxp-", "xoxa-", "xoxe", "xapp-");
  private static final String TYPE = "type";
  private static final String KEY = "event_id";
  private static final String EVENT_TYPE = "event.type";
  private static final String CHALLENGE = "challenge";
  private static final String TRIGGER = "trigger_id";
  private static final String ID = "id";
  private static final List<String> PATHS = List.of(TYPE, KEY, EVENT_TYPE, CHALLENGE, TRIGGER, ID);

  @Override
  public String name() {
    return "slack";
  }

  @Override
  public List<String> marks() {
    return HEADERS;
  }

  @Override
  public List<String> secretFaults(String secret) {
    return SECRET.faults(secret);
  }

  @Override
  public List<String> optionFaults(Map<String, String> options) {
    return Tolerance.faultsOfAll(options);
  }

  @Override
  public boolean acceptsContentType(@Nullable String contentType) {
    return JsonContentType.matches(contentType) || Form.isContentType(contentType);
  }

  @Override
  public RequestVerifier ready(
      List<SecretKey> keys, Map<String, String> options, TopLevelReader topLevel) {
    V0Signature signature = V0Signature.of(HEADERS, keys, options);
    PathReader reader = new PathReader(topLevel);
    return (request, now) ->
        signature.verify(
            request,
            now,
            _ ->
                Form.isBodyOf(request)
                    ? ofForm(request.body(), reader)
                    : ofJson(request.body(), reader.read(request.body(), PATHS)));
  }

  private static Verification ofJson(byte[] body, PathValues values) {
    if (values instanceof PathValues.Malformed(String detail)) {
      return new Verification.Malformed(detail);
    }
    PathValues.Found found = (PathValues.Found) values;
    if (found.member(TYPE) instanceof Member.Text(String type) && type.equals("url_verification")) {
      return switch (Field.ofMember(CHALLENGE, found.member(CHALLENGE))) {
        case Field.Invalid(String detail) -> new Verification.Malformed(detail);
        case Field.Valid(String challenge) -> Challenges.echo(CHALLENGE, challenge);
      };
    }
    boolean hasEvent = !(found.member(EVENT_TYPE) instanceof Member.Absent);
    String typePath = hasEvent ? EVENT_TYPE : TYPE;
    return Field.event(
        key(KEY, body, found), Field.ofMember(typePath, found.member(typePath)), found.member(ID));
  }

  private static Verification ofForm(byte[] body, PathReader reader) {
    Form form = Form.parse(body);
    if (form == null) {
      return new Verification.Malformed(Form.EXPECTED);
    }
    if (form.only("ssl_check") != null) {
      return new Verification.Challenge("{}");
    }
    String payload = form.only("payload");
    if (payload != null) {
      return switch (reader.read(payload.getBytes(UTF_8), PATHS)) {
        case PathValues.Malformed(String detail) ->
            new Verification.Malformed("in 'payload': " + detail);
        case PathValues.Found found ->
            Field.event(key(TRIGGER, body, found), Field.ofMember(TYPE, found.member(TYPE)));
      };
    }
    if (form.only("command") == null) {
      return new Verification.Malformed("the form has no 'payload' and no 'command'");
    }
    String trigger = form.only(TRIGGER);
    return Field.event(
        trigger == null ? Field.ofContent(body) : Field.ofParameter(TRIGGER, trigger),
        new Field.Valid("slash_command"));
  }

  private static Field key(String path, byte[] body, PathValues.Found found) {
    return found.member(path) instanceof Member.Text
        ? Field.ofMember(path, found.member(path))
        : Field.ofContent(body);
  }

  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    return V0Signature.sign(HEADERS, secret, request);
  }
}
