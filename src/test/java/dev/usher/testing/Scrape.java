package dev.usher.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a gateway said at {@code /metrics}, read strictly by the rules of Prometheus' text format.
 *
 * @param types the type of each family, by its name
 * @param helps the description of each family, by its name
 */
public record Scrape(
    String text, Map<String, String> types, Map<String, String> helps, List<Sample> samples) {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  /** One line with a value. */
  public record Sample(String name, Map<String, String> labels, double value) {
    boolean has(Map<String, String> wanted) {
      return labels.entrySet().containsAll(wanted.entrySet());
    }
  }

  public static Scrape parse(String text) {
    Map<String, String> types = new HashMap<>();
    Map<String, String> helps = new HashMap<>();
    List<Sample> samples = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# TYPE ")) {
        types.put(words[2], words[3]);
      } else if (line.startsWith("# HELP ")) {
        helps.put(words[2], words.length < 4 ? "" : words[3]);
      } else {
        samples.add(sample(line));
      }
    }
    return new Scrape(text, types, helps, samples);
  }

  private static Sample sample(String line) {
    Matcher matcher = SAMPLE.matcher(line);
    if (!matcher.matches()) {
      throw new AssertionError("not a line of the text format: " + line);
    }
    Map<String, String> labels = new TreeMap<>();
    if (matcher.group(2) != null) {
      Matcher label = LABEL.matcher(matcher.group(2));
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    return new Sample(matcher.group(1), labels, value(matcher.group(3)));
  }

  private static double value(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  /** The names under which Prometheus stores these samples. */
  public Set<String> names() {
    return samples.stream().map(Sample::name).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The sum of the samples of this name that bear these labels; 0 where there is none. */
  public double sum(String name, Map<String, String> labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name) && sample.has(labels))
        .mapToDouble(Sample::value)
        .sum();
  }

  /** The labels that samples of this name bear. */
  public Set<Set<String>> labels(String name) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .map(sample -> sample.labels().keySet())
        .collect(Collectors.toSet());
  }

  /** The values that this label has among samples of this name. */
  public Set<String> values(String name, String label) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .map(sample -> sample.labels().getOrDefault(label, ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
