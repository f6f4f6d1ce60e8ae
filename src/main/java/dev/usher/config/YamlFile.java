package dev.usher.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.composer.ComposerException;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads {@code usher.yaml} as a flat map. Maps in maps and keys with dots mean the same; a list
 * means the same as its items separated by commas. Values are taken as they are written (YAML's own
 * ideas of numbers and dates never apply), and no fault ever quotes one, since it may be a secret.
 */
final class YamlFile {
  private static final int MOST_CHARACTERS = 256 * 1024;
  private static final int DEEPEST = 10;
  private static final String ALLOWED =
      "expected one document, at most " + DEEPEST + " levels, and no aliases (*name)";

  private final Path file;
  private final Consumer<String> faults;
  private final Map<String, Entry> entries = new TreeMap<>();

  private YamlFile(Path file, Consumer<String> faults) {
    this.file = file;
    this.faults = faults;
  }

  /** The file's entries by key; what is wrong with it goes to {@code faults}, one line each. */
  static Map<String, Entry> entries(Path file, Consumer<String> faults) {
    YamlFile reading = new YamlFile(file, faults);
    String text = reading.text();
    if (text != null) {
      reading.parse(text);
    }
    return reading.entries;
  }

  private @Nullable String text() {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      faults.accept(file + ": not UTF-8, expected a YAML file in UTF-8");
    } catch (IOException e) {
      faults.accept(file + ": cannot be read, expected a YAML file");
    }
    return null;
  }

  private void parse(String text) {
    if (text.length() > MOST_CHARACTERS) {
      faults.accept(file + ": too long, expected at most " + MOST_CHARACTERS + " characters");
      return;
    }
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MOST_CHARACTERS);
    options.setNestingDepthLimit(DEEPEST);
    options.setMaxAliasesForCollections(0);
    options.setAllowRecursiveKeys(false);
    options.setAllowDuplicateKeys(false);
    try {
      // Composed only, never constructed: no tag can make an object.
      Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
      switch (root) {
        case null -> {} // an empty file
        case MappingNode map -> flatten("", map);
        default ->
            faults.accept(at(root) + ": expected keys with values, such as log.format: json");
      }
    } catch (MarkedYAMLException e) {
      faults.accept(at(e.getProblemMark()) + ": not valid YAML, " + problem(e));
    } catch (YAMLException e) {
      faults.accept(file + ": not valid YAML, " + ALLOWED);
    }
  }

  private void flatten(String prefix, MappingNode map) {
    for (NodeTuple tuple : map.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
        faults.accept(at(tuple.getKeyNode()) + ": expected a key, such as log.format");
        continue;
      }
      String key = prefix + name.getValue();
      switch (tuple.getValueNode()) {
        case MappingNode inner -> flatten(key + ".", inner);
        case SequenceNode list -> list(key, name, list);
        case ScalarNode scalar -> scalar(key, name, scalar);
        default -> faults.accept(at(name) + ": expected a value, a list or a map");
      }
    }
  }

  private void list(String key, Node name, SequenceNode list) {
    List<Node> items = list.getValue();
    if (items.stream().allMatch(ScalarNode.class::isInstance)) {
      put(
          key,
          name,
          items.stream()
              .map(item -> ((ScalarNode) item).getValue())
              .collect(Collectors.joining(",")));
    } else {
      faults.accept(at(name) + " " + key + ": expected a list of plain values");
    }
  }

  // A key without a value is a section whose lines are all commented out: as good as not there.
  private void scalar(String key, Node name, ScalarNode scalar) {
    if (!scalar.getTag().equals(Tag.NULL) && !scalar.getValue().isBlank()) {
      put(key, name, scalar.getValue().strip());
    }
  }

  private void put(String key, Node name, String text) {
    Entry first = entries.putIfAbsent(key, new Entry(at(name) + " " + key, text));
    if (first != null) {
      faults.accept(at(name) + " " + key + ": given twice, first in " + first.name());
    }
  }

  // The composer's own words would quote an alias, which may be a secret that begins with a star.
  private static String problem(MarkedYAMLException e) {
    return e instanceof ComposerException || e.getProblem() == null ? ALLOWED : e.getProblem();
  }

  private String at(Node node) {
    return at(node.getStartMark());
  }

  private String at(@Nullable Mark mark) {
    return mark == null ? file.toString() : file + ":" + (mark.getLine() + 1);
  }
}
