package dev.usher.verify;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.usher.crypto.Hmac;
import dev.usher.event.SecretKey;
import dev.usher.payload.TopLevel;
import dev.usher.payload.TopLevelReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * GitHub (docs.github.com, "Validating webhook deliveries"): {@code X-Hub-Signature-256} is {@code
 * sha256=} and the hexadecimal HMAC-SHA256 of the body. The idempotency key is {@code
 * X-GitHub-Delivery}, which a redelivery repeats; the type is {@code X-GitHub-Event}. Neither is
 * signed, nor is a time.
 */
final class GitHubScheme implements SignatureScheme {
  private static final String HEADER = "X-Hub-Signature-256";
  private static final List<String> HEADERS = List.of(HEADER);
  private static final String PREFIX = "sha256=";
  private static final String KEY = "X-GitHub-Delivery";
  private static final String TYPE = "X-GitHub-Event";
  private static final String EXAMPLE_TYPE = "ping";
  private static final Credentials SECRET =
      Credentials.of("the webhook's secret", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_");
  private static final String ID = "id";
  private static final List<String> MEMBERS = List.of(ID);

  @Override
  public String name() {
    return "github";
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
    return OptionFaults.unknown(options, Set.of());
  }

  @Override
  public RequestVerifier ready(
      List<SecretKey> keys, Map<String, String> options, TopLevelReader reader) {
    return new Ready(HmacKeys.sha256(keys), reader);
  }

  /** One source's requests. */
  private record Ready(HmacKeys keys, TopLevelReader reader) implements RequestVerifier {
    @Override
    public Verification verify(SignedRequest request, Instant now) {
      return switch (SignatureHeaders.read(request.headers(), HEADERS)) {
        case SignatureHeaders.Unfit(Verification answer) -> answer;
        case SignatureHeaders.Once headers -> {
          String signature = headers.value(0);
          List<String> given =
              signature.startsWith(PREFIX)
                  ? List.of(signature.substring(PREFIX.length()))
                  : List.of();
          yield keys.sign(now, SignatureEncoding.LOWER_HEX, given, request.body())
              ? event(request)
              : keys.refusal(HEADER, request, now);
        }
      };
    }

    private Verification event(SignedRequest request) {
      return switch (reader.read(request.body(), MEMBERS)) {
        case TopLevel.Malformed(String detail) -> new Verification.Malformed(detail);
        case TopLevel.Members members ->
            Field.event(
                Field.ofHeader(request.headers(), KEY),
                Field.ofHeader(request.headers(), TYPE),
                members.get(ID));
      };
    }
  }

  @Override
  public List<Header> sign(String secret, Map<String, String> options, UnsignedRequest request) {
    byte[] mac = HmacKeys.mac(Hmac.Algorithm.SHA256, secret, request.body());
    return List.of(
        new Header(KEY, requireNonNullElseGet(request.id(), () -> UUID.randomUUID().toString())),
        new Header(TYPE, requireNonNullElse(request.type(), EXAMPLE_TYPE)),
        new Header(HEADER, PREFIX + SignatureEncoding.LOWER_HEX.encode(mac)));
  }
}
