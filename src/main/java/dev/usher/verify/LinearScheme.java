package dev.usher.verify;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.usher.crypto.Hmac;
import dev.usher.event.SecretKey;
import dev.usher.payload.Member;
import dev.usher.payload.PathReader;
import dev.usher.payload.PathValues;
import dev.usher.payload.TopLevelReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Linear (linear.app/developers/webhooks, "Securing webhooks"): {@code Linear-Signature} is the
 * hexadecimal HMAC-SHA256 of the body, which holds the time of sending in milliseconds, {@code
 * webhookTimestamp}. The idempotency key is {@code Linear-Delivery}, which is not signed; the type
 * is the body's {@code type} and {@code action}, such as {@code Issue.create}.
 *
 * <p>Option: {@code tolerance}.
 */
final class LinearScheme implements SignatureScheme {
  private static final String HEADER = "Linear-Signature";
  private static final List<String> HEADERS = List.of(HEADER);
  private static final String KEY = "Linear-Delivery";
  private static final Credentials SECRET =
      Credentials.of(
          "the webhook's signing secret, which begins with lin_wh_", "lin_api_", "lin_oauth_");
  private static final String TIME = "webhookTimestamp";
  private static final String TYPE = "type";
  private static final String ACTION = "action";
  private static final String ID = "id";
  private static final List<String> PATHS = List.of(TIME, TYPE, ACTION, ID);

  @Override
  public String name() {
    return "linear";
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
  public RequestVerifier ready(
      List<SecretKey> keys, Map<String, String> options, TopLevelReader topLevel) {
    return new Ready(HmacKeys.sha256(keys), Tolerance.of(options), new PathReader(topLevel));
  }

  /** One source's requests. */
  private record Ready(HmacKeys keys, Tolerance tolerance, PathReader reader)
      implements RequestVerifier {
    @Override
    public Verification verify(SignedRequest request, Instant now) {
      return switch (SignatureHeaders.read(request.headers(), HEADERS)) {
        case SignatureHeaders.Unfit(Verification answer) -> answer;
        case SignatureHeaders.Once headers ->
            keys.sign(now, SignatureEncoding.LOWER_HEX, List.of(headers.value(0)), request.body())
                ? event(request, now)
                : keys.refusal(HEADER, request, now);
      };
    }

    private Verification event(SignedRequest request, Instant now) {
      return switch (reader.read(request.body(), PATHS)) {
        case PathValues.Malformed(String detail) -> new Verification.Malformed(detail);
        case PathValues.Found found -> {
          Verification fault = timeFault(found, now);
          yield fault != null
              ? fault
              : Field.event(
                  Field.ofHeader(request.headers(), KEY),
                  type(found),
                  found.member(ID),
                  found.without(TIME));
        }
      };
    }

    /** A body without a time was signed without one: nobody but the sender could leave it out. */
    private @Nullable Verification timeFault(PathValues.Found body, Instant now) {
      return body.member(TIME) instanceof Member.Absent
          ? null
          : tolerance.faultOfMillis(TIME, requireNonNullElse(body.number(TIME), ""), now);
    }

    private static Field type(PathValues.Found body) {
      Field type = Field.ofMember(TYPE, body.member(TYPE));
      if (body.member(ACTION) instanceof Member.Absent) {
        return type;
      }
      return switch (Field.ofMember(ACTION, body.member(ACTION))) {
        case Field.Invalid fault -> fault;
        case Field.Valid(String action) ->
            type instanceof Field.Valid(String of)
                ? Field.ofParameter(TYPE, of + "." + action)
                : type;
      };
    }
  }

  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    byte[] mac = HmacKeys.mac(Hmac.Algorithm.SHA256, secret, request.body());
    return List.of(
        new Header(KEY, requireNonNullElseGet(request.id(), () -> UUID.randomUUID().toString())),
        new Header(HEADER, SignatureEncoding.LOWER_HEX.encode(mac)));
  }
}
