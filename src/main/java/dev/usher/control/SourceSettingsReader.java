package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the settings of a source and finds everything that is wrong with them. */
final class SourceSettingsReader {
  static final int MAX_SECRET_CHARACTERS = 1_024;

  private static final List<String> MEMBERS =
      List.of("name", "scheme", "options", "allowed_networks", "rate_limit");
  private static final List<String> MEMBERS_OF_A_NEW_ONE =
      List.of("name", "scheme", "secret", "options", "allowed_networks", "rate_limit");
  private static final int MAX_OPTIONS = 30;
  private static final int MAX_OPTION_CHARACTERS = 1_024;
  private static final int MAX_NETWORKS = 100;
  private static final int MAX_RATE = 1_000_000;
  private static final String OPTION = "options.";
  private static final String EXPECTED = "; expected ";
  private static final Pattern FAULT_AT_MEMBER =
      Pattern.compile("(secret|options(?:\\.[A-Za-z0-9_-]+)?): (.*)", Pattern.DOTALL);

  private final SchemeCatalogue schemes;

  SourceSettingsReader(SchemeCatalogue schemes) {
    this.schemes = schemes;
  }

  /**
   * A source to be made.
   *
   * @param secret null where one is to be generated
   */
  record NewSource(SourceSettings settings, @Nullable String secret) {
    @Override
    public String toString() {
      return "NewSource[" + settings + "]";
    }
  }

  Parsed<NewSource> readNew(ObjectNode document) {
    Fields fields = new Fields(document, MEMBERS_OF_A_NEW_ONE);
    String secret = fields.secret("secret", MAX_SECRET_CHARACTERS);
    SourceSettings settings = settings(fields, scheme(fields), secret);
    return fields.result(() -> new NewSource(settings, secret));
  }

  /** Reads a source that has {@code scheme} already and keeps its secret. */
  Parsed<SourceSettings> readChanged(ObjectNode document, String scheme) {
    Fields fields = new Fields(document, MEMBERS);
    JsonNode given = fields.member("scheme");
    if (given == null || !scheme.equals(given.textValue())) {
      fields.fault(
          given == null
              ? Fault.hidden("scheme", "'" + scheme + "': it cannot be changed")
              : Fault.of("scheme", given, "'" + scheme + "': it cannot be changed"));
    }
    SourceSettings settings = settings(fields, scheme, null);
    return fields.result(() -> settings);
  }

  /** What is wrong with a new secret of a source that exists. */
  void checkSecret(SourceSettings settings, String secret, Fields fields) {
    judge(settings.scheme(), settings.options(), secret, fields);
  }

  private SourceSettings settings(Fields fields, @Nullable String scheme, @Nullable String secret) {
    String name = fields.name("name");
    Map<String, String> options = options(fields);
    List<String> networks = networks(fields);
    Integer rateLimit = fields.integer("rate_limit", 1, MAX_RATE);
    if (scheme != null) {
      judge(scheme, options, secret, fields);
    }
    return new SourceSettings(
        Objects.requireNonNullElse(name, ""),
        Objects.requireNonNullElse(scheme, ""),
        options,
        networks,
        rateLimit);
  }

  private @Nullable String scheme(Fields fields) {
    String expected = "one of " + String.join(", ", new TreeSet<>(schemes.names()));
    JsonNode value = fields.required("scheme", expected);
    if (value == null) {
      return null;
    }
    if (!value.isTextual() || !schemes.names().contains(value.textValue())) {
      fields.fault(Fault.of("scheme", value, expected));
      return null;
    }
    return value.textValue();
  }

  private static Map<String, String> options(Fields fields) {
    Map<String, String> options = fields.texts("options", MAX_OPTIONS);
    options.forEach(
        (name, value) -> {
          boolean storable = TextRules.isOneLine(name) && TextRules.isOneLine(value);
          if (!storable || value.length() > MAX_OPTION_CHARACTERS) {
            String expected = "at most " + MAX_OPTION_CHARACTERS + " characters in one line";
            fields.fault(Fault.of("options." + name, value, expected));
          }
        });
    return options;
  }

  private static List<String> networks(Fields fields) {
    JsonNode value = fields.member("allowed_networks");
    List<JsonNode> given =
        value == null
            ? null
            : fields.list(
                "allowed_networks", value, 0, MAX_NETWORKS, "networks such as 10.0.0.0/8");
    List<String> networks = new ArrayList<>();
    for (int i = 0; given != null && i < given.size(); i++) {
      JsonNode network = given.get(i);
      String fault = network.isTextual() ? faultOfNetwork(network.textValue()) : "a string";
      if (fault == null) {
        networks.add(network.textValue());
      } else {
        fields.fault(Fault.of("allowed_networks[" + i + "]", network, fault));
      }
    }
    return networks;
  }

  private static @Nullable String faultOfNetwork(String text) {
    try {
      Network.parse(text);
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private void judge(
      String scheme, Map<String, String> options, @Nullable String secret, Fields fields) {
    for (String text : schemes.faults(scheme, options, secret)) {
      Matcher atMember = FAULT_AT_MEMBER.matcher(text);
      fields.fault(
          atMember.matches()
              ? fault(atMember.group(1), atMember.group(2), options)
              : Fault.hidden("options", text));
    }
  }

  /** Of an option's fault only what was expected: the option and its value stand beside it. */
  private static Fault fault(String field, String text, Map<String, String> options) {
    int expected = text.indexOf(EXPECTED);
    if (!field.startsWith(OPTION) || expected < 0) {
      return Fault.hidden(field, text);
    }
    String value = options.get(field.substring(OPTION.length()));
    String right = text.substring(expected + EXPECTED.length());
    return value == null ? Fault.hidden(field, right) : Fault.of(field, value, right);
  }
}
