package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.Network;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the settings of a source and finds everything that is wrong with them. */
final class SourceSettingsReader {

  private static final int MAX_OPTIONS = 30;
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

  Parsed<NewSource> readNew(Call call) {
    Fields fields = new Fields(call);
    String secret = fields.text("secret");
    SourceSettings settings = settings(fields, fields.text("scheme"), secret);
    return fields.result(() -> new NewSource(settings, secret));
  }

  /** Reads what a call makes of a source that has {@code scheme} already and keeps its secret. */
  Parsed<SourceSettings> readChanged(Call call, ObjectNode patched, String scheme) {
    Fields fields = new Fields(call, patched);
    String given = fields.text("scheme");
    if (given != null && !scheme.equals(given)) {
      fields.fault(Fault.of("scheme", given, "'" + scheme + "': it cannot be changed"));
    }
    SourceSettings settings = settings(fields, scheme, null);
    return fields.result(() -> settings);
  }

  /** What is wrong with a new secret of a source that exists. */
  void checkSecret(SourceSettings settings, String secret, Fields fields) {
    judge(settings.scheme(), settings.options(), secret, fields);
  }

  private SourceSettings settings(Fields fields, @Nullable String scheme, @Nullable String secret) {
    Map<String, String> options = fields.map("options", MAX_OPTIONS);
    List<String> networks = networks(fields);
    if (scheme != null) {
      judge(scheme, options, secret, fields);
    }
    return new SourceSettings(
        fields.textOrEmpty("name"),
        Objects.requireNonNullElse(scheme, ""),
        options,
        networks,
        fields.integer("rate_limit"));
  }

  private static List<String> networks(Fields fields) {
    List<String> networks = fields.texts("allowed_networks");
    for (int i = 0; networks != null && i < networks.size(); i++) {
      String field = "allowed_networks[" + i + "]";
      String fault = fields.isWrong(field) ? null : faultOfNetwork(networks.get(i));
      if (fault != null) {
        fields.fault(Fault.of(field, networks.get(i), fault));
      }
    }
    return networks == null ? List.of() : networks;
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
