package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.Keyword;
import com.networknt.schema.regex.RegularExpression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Judges payloads by the JSON Schemas (draft 2020-12) of organizations. A schema is a stranger's
 * program, and so is the data that it meets, so what they cost is bounded: each keyword that is
 * tried takes steps of a budget, by what it looks at ({@link SchemaCost}), so does each match of a
 * regular expression and each fault, regular expressions take time linear to the text (RE2), and
 * nothing is fetched.
 *
 * <p>Not thread-safe.
 */
final class SchemaJudge {
  /** JSON's numbers have no bounds; what we compare by schemas has. */
  static final String FINITE = "a number from -1.8e308 to 1.8e308";

  static final int MAX_SCHEMA_CHARACTERS = 64 * 1024;

  /** About a second's work at the very most; a usual event takes a few hundred steps. */
  static final int STEPS_OF_A_CALL = 500_000;

  /** A fault takes memory until its call ends: at most 50,000 of them, some hundred bytes each. */
  private static final int STEPS_OF_A_FAULT = 10;

  private static final String DRAFT = Dialects.getDraft202012().getId();
  private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");

  /** A payload nests 128 deep, and a reference or an alternative adds a level or two to each. */
  private static final int MAX_DEPTH = 800;

  private static final int MAX_FAULTS = 50;

  /** Of the schemas that are kept ready, which take some hundred times their text in memory. */
  private static final int CHARACTERS_KEPT = 256 * 1024;

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(
          charged(Dialects.getDraft202012()),
          builder ->
              builder
                  .schemaCacheEnabled(false)
                  .schemaRegistryConfig(
                      SchemaRegistryConfig.builder()
                          .locale(Locale.ENGLISH)
                          .formatAssertionsEnabled(false)
                          .regularExpressionFactory(this::regularExpression)
                          .build()));
  private final Schema metaSchema = registry.getSchema(SchemaLocation.of(DRAFT));
  private final Map<String, Schema> readied = new LinkedHashMap<>(16, 0.75f, true);
  private int charactersKept;
  private long stepsLeft = STEPS_OF_A_CALL;
  private long patternRoom;

  /** The steps of a call are used up. */
  private static final class ExhaustedException extends RuntimeException {
    private ExhaustedException() {
      super(null, null, false, false);
    }
  }

  /** Counts steps and depth where the validator says where it is. */
  private final class Counted extends ExecutionContext {
    private int depth;

    @Override
    public void evaluationPathAddLast(String keyword) {
      spend(1);
      if (++depth > MAX_DEPTH) {
        throw new ExhaustedException();
      }
      super.evaluationPathAddLast(keyword);
    }

    @Override
    public void evaluationPathRemoveLast() {
      depth--;
      super.evaluationPathRemoveLast();
    }

    @Override
    public void addError(Error error) {
      spend(STEPS_OF_A_FAULT);
      super.addError(error);
    }
  }

  /** The dialect, whose keywords are paid for; but {@code format}, which only says something. */
  private Dialect charged(Dialect dialect) {
    Map<String, Keyword> charged = new HashMap<>();
    dialect
        .getKeywords()
        .forEach((name, k) -> charged.put(name, new ChargedKeyword(k, this::spend)));
    charged.remove("format");
    return Dialect.builder(dialect).keywords(known -> known.putAll(charged)).build();
  }

  /** Begins a call: it gets all of its steps. */
  void begin() {
    stepsLeft = STEPS_OF_A_CALL;
  }

  /**
   * What is wrong with {@code schema} as a schema.
   *
   * @param place stands before the fault's fields
   */
  List<Fault> faultsOfSchema(ObjectNode schema, String place) {
    if (schema.toString().length() > MAX_SCHEMA_CHARACTERS) {
      String expected = "a JSON Schema of at most " + MAX_SCHEMA_CHARACTERS + " characters";
      return List.of(Fault.hidden(place, expected));
    }
    List<Fault> faults = new ArrayList<>();
    checkReferences(schema, place, faults);
    if (!faults.isEmpty()) {
      return faults;
    }
    patternRoom = LinearPattern.MAX_SIZE; // the meta-schema has a few, which it readies late
    faults.addAll(judge(metaSchema, schema, place));
    if (faults.isEmpty()) {
      try {
        ready(schema.toString());
      } catch (SchemaException | IllegalArgumentException e) {
        faults.add(Fault.hidden(place, "a JSON Schema that can be used: " + e.getMessage()));
      }
    }
    return faults;
  }

  /** Nothing but the schema itself: nothing is fetched, and no other draft is known. */
  private static void checkReferences(JsonNode node, String place, List<Fault> faults) {
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String field = FieldPath.member(place, member.getKey());
      String text = member.getValue().textValue();
      if (text == null) {
        checkReferences(member.getValue(), field, faults);
      } else if (REFERENCES.contains(member.getKey()) && !text.startsWith("#")) {
        faults.add(Fault.of(field, text, "a place in this schema, such as #/$defs/money"));
      } else if (member.getKey().equals("$id")) {
        faults.add(Fault.of(field, text, "no $id: the schema stands alone"));
      } else if (member.getKey().equals("$schema") && !text.equals(DRAFT)) {
        faults.add(Fault.of(field, text, DRAFT));
      }
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      checkReferences(node.get(i), place + "[" + i + "]", faults);
    }
  }

  /**
   * How {@code data} differs from what {@code schema} wants; at most 50 faults.
   *
   * @param schema as it was found right before
   * @param place stands before the faults' fields
   */
  List<Fault> faultsOfData(String schema, JsonNode data, String place) {
    Schema known = readied.get(schema);
    if (known == null) {
      known = ready(schema);
      keep(schema, known);
    }
    return judge(known, data, place);
  }

  /** In the place of those that were used longest ago. */
  private void keep(String schema, Schema ready) {
    readied.put(schema, ready);
    charactersKept += schema.length();
    for (var eldest = readied.keySet().iterator(); charactersKept > CHARACTERS_KEPT; ) {
      charactersKept -= eldest.next().length();
      eldest.remove();
    }
  }

  private Schema ready(String schema) {
    patternRoom = LinearPattern.MAX_SIZE;
    Schema ready = registry.getSchema(Json.trusted(schema));
    ready.initializeValidators(); // all references and regular expressions
    return ready;
  }

  private List<Fault> judge(Schema schema, JsonNode data, String place) {
    List<Error> errors;
    try {
      errors = schema.validate(new Counted(), data, OutputFormat.DEFAULT);
    } catch (ExhaustedException e) {
      return List.of(
          Fault.hidden(place, "what its schema judges in " + STEPS_OF_A_CALL + " steps a call"));
    } catch (NumberFormatException e) {
      // The validator cannot compare what became infinite, and does not say where it was.
      return List.of(Fault.hidden(place, "no number that is not " + FINITE));
    }
    return errors.stream().limit(MAX_FAULTS).map(error -> fault(error, place)).toList();
  }

  private static Fault fault(Error error, String place) {
    String field = FieldPath.of(place, error.getInstanceLocation());
    String property = error.getProperty();
    if (property != null) {
      field = FieldPath.member(field, property);
    }
    JsonNode value = property == null ? error.getInstanceNode() : null;
    String expected = "by its schema: " + error.getMessage();
    return value == null ? Fault.hidden(field, expected) : Fault.of(field, value, expected);
  }

  private void spend(long steps) {
    stepsLeft -= steps;
    if (stepsLeft < 0) {
      throw new ExhaustedException();
    }
  }

  private RegularExpression regularExpression(String text) {
    LinearPattern pattern = LinearPattern.compile(text);
    patternRoom -= pattern.size();
    if (patternRoom < 0) {
      throw new IllegalArgumentException(
          "its regular expressions are too long together; expected fewer repetitions");
    }
    return value -> {
      spend(pattern.steps(value));
      return pattern.isIn(value);
    };
  }
}
