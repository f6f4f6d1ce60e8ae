package dev.usher.verify;

import dev.usher.crypto.Hmac;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The options of an {@code hmac} source, which {@link HmacScheme} describes.
 *
 * @param timestampHeader null where no time is signed
 */
record HmacOptions(
    Hmac.Algorithm algorithm,
    SignatureEncoding encoding,
    String header,
    String prefix,
    SignedTemplate signed,
    @Nullable String timestampHeader,
    Tolerance tolerance,
    Location key,
    Location type) {

  private static final String ALGORITHM = "algorithm";
  private static final String ENCODING = "encoding";
  private static final String HEADER = "header";
  private static final String PREFIX = "prefix";
  private static final String SIGNED = "signed";
  private static final String TIMESTAMP_HEADER = "timestamp-header";
  private static final String KEY = "key";
  private static final String TYPE = "type";
  private static final Set<String> KNOWN =
      Set.of(
          ALGORITHM,
          ENCODING,
          HEADER,
          PREFIX,
          SIGNED,
          TIMESTAMP_HEADER,
          Tolerance.OPTION,
          KEY,
          TYPE);

  private static final Map<String, Hmac.Algorithm> ALGORITHMS =
      Map.of(
          "sha1", Hmac.Algorithm.SHA1,
          "sha256", Hmac.Algorithm.SHA256,
          "sha512", Hmac.Algorithm.SHA512);
  private static final Map<String, SignatureEncoding> ENCODINGS =
      Map.of("hex", SignatureEncoding.HEX, "base64", SignatureEncoding.BASE64);
  private static final int MAX_PREFIX_LENGTH = 64;

  /** The options in {@code options}, which have no {@link #faults}. */
  static HmacOptions of(Map<String, String> options) {
    return new HmacOptions(
        known(ALGORITHMS.get(options.getOrDefault(ALGORITHM, "sha256"))),
        known(ENCODINGS.get(options.getOrDefault(ENCODING, "hex"))),
        known(options.get(HEADER)),
        options.getOrDefault(PREFIX, ""),
        known(SignedTemplate.parse(options.getOrDefault(SIGNED, SignedTemplate.BODY))),
        options.get(TIMESTAMP_HEADER),
        Tolerance.of(options),
        known(Location.parse(options.getOrDefault(KEY, "body:id"))),
        known(Location.parse(options.getOrDefault(TYPE, "body:type"))));
  }

  /** What is wrong with {@code options}, all at once. */
  static List<String> faults(Map<String, String> options) {
    List<String> faults = new ArrayList<>(OptionFaults.unknown(options, KNOWN));
    expect(faults, options, ALGORITHM, ALGORITHMS::containsKey, "sha1, sha256 or sha512");
    expect(faults, options, ENCODING, ENCODINGS::containsKey, "hex or base64");
    expect(faults, options, HEADER, HmacOptions::isHeaderName, "a header's name");
    if (!options.containsKey(HEADER)) {
      faults.add("options.header: missing; expected the name of the signature's header");
    }
    expect(
        faults,
        options,
        PREFIX,
        HmacOptions::isPrefix,
        "at most " + MAX_PREFIX_LENGTH + " printable ASCII characters");
    expect(faults, options, TIMESTAMP_HEADER, HmacOptions::isHeaderName, "a header's name");
    String toleranceFault = Tolerance.fault(options);
    if (toleranceFault != null) {
      faults.add(toleranceFault);
    }
    for (String option : List.of(KEY, TYPE)) {
      expect(
          faults,
          options,
          option,
          text -> Location.parse(text) != null,
          "header:NAME or body:MEMBER");
    }
    addSignedFaults(faults, options);
    return faults;
  }

  /** Faults of what is signed, and of options that only make sense with it. */
  private static void addSignedFaults(List<String> faults, Map<String, String> options) {
    String text = options.getOrDefault(SIGNED, SignedTemplate.BODY);
    SignedTemplate signed = SignedTemplate.parse(text);
    if (signed == null) {
      faults.add(
          OptionFaults.of(
              SIGNED,
              text,
              "{body} once, {timestamp} and {id} at most once, with ASCII text between them that"
                  + " keeps them apart, such as {id}.{timestamp}.{body}"));
      return;
    }
    boolean namesHeader = options.containsKey(TIMESTAMP_HEADER);
    if (signed.signsTimestamp() && !namesHeader) {
      faults.add(
          "options.timestamp-header: missing; expected a header's name, as signed has {timestamp}");
    }
    if (!signed.signsTimestamp() && (namesHeader || options.containsKey(Tolerance.OPTION))) {
      faults.add(
          OptionFaults.of(
              SIGNED, text, "{timestamp} in it: a time that is not signed proves nothing"));
    }
    boolean keyInHeader = options.getOrDefault(KEY, "").startsWith("header:");
    if (signed.signsId() && !keyInHeader) {
      faults.add(
          OptionFaults.of(
              KEY, options.getOrDefault(KEY, "body:id"), "header:NAME, as signed has {id}"));
    }
  }

  private static void expect(
      List<String> faults,
      Map<String, String> options,
      String option,
      Predicate<String> allowed,
      String expected) {
    String value = options.get(option);
    if (value != null && !allowed.test(value)) {
      faults.add(OptionFaults.of(option, value, expected));
    }
  }

  private static boolean isHeaderName(String text) {
    return Location.HEADER_NAME.matcher(text).matches();
  }

  private static boolean isPrefix(String text) {
    return text.length() <= MAX_PREFIX_LENGTH && text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  private static <T> T known(@Nullable T value) {
    return Objects.requireNonNull(value, "the options were checked");
  }
}
