package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the API's description says of one call's request. May be used by any number of threads.
 *
 * <p>Judging takes a few microseconds for a usual body, and time linear to the body at most: its
 * regular expressions are RE2's, and no schema of a request refers to itself.
 */
final class DescribedCall {
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private final @Nullable Schema body;
  private final Map<String, DescribedParameter> query = new LinkedHashMap<>();
  private final SchemaWords words;
  private @Nullable DescribedParameter id;
  private @Nullable DescribedParameter idempotencyKey;

  /**
   * @param body null for a call that takes no members
   */
  DescribedCall(@Nullable Schema body, List<DescribedParameter> parameters, SchemaWords words) {
    this.body = body;
    this.words = words;
    for (DescribedParameter parameter : parameters) {
      if (parameter.in().equals("query")) {
        query.put(parameter.name(), parameter);
      } else if (parameter.in().equals("path")) {
        id = parameter;
      } else if (parameter.name().equals(IDEMPOTENCY_KEY)) {
        idempotencyKey = parameter;
      }
    }
  }

  /** Whether the call reads members or parameters, and so tells their faults with its own. */
  boolean readsInput() {
    return body != null || !query.isEmpty();
  }

  /** What {@code text} would have to name as the path's id; null where it may name one. */
  @Nullable String misnamed(String text) {
    return id == null || id.fits(text) ? null : id.names();
  }

  /** All that is wrong with a request, as far as the description tells. */
  List<Fault> faults(MultiMap parameters, List<String> keys, ObjectNode json) {
    List<Fault> faults = new ArrayList<>();
    for (String key : keys) {
      if (idempotencyKey != null && (keys.size() > 1 || !idempotencyKey.fits(key))) {
        faults.add(Fault.hidden(IDEMPOTENCY_KEY, words.expected(idempotencyKey.schema())));
        break;
      }
    }
    for (String name : parameters.names()) {
      judge(name, parameters.getAll(name), faults);
    }
    if (body != null) {
      judge(body, json, faults);
    } else {
      json.fieldNames().forEachRemaining(name -> faults.add(Fault.hidden(name, "no members")));
    }
    return faults;
  }

  /** A parameter that is empty is as good as missing. */
  private void judge(String name, List<String> values, List<Fault> faults) {
    DescribedParameter parameter = query.get(name);
    if (parameter == null) {
      String known =
          query.isEmpty()
              ? "no parameters"
              : "only the parameters " + String.join(", ", query.keySet());
      faults.add(Fault.hidden(name, known));
    } else if (values.size() > 1) {
      faults.add(Fault.hidden(name, "each parameter once"));
    } else if (!values.getFirst().isEmpty() && !parameter.fits(values.getFirst())) {
      faults.add(Fault.of(name, values.getFirst(), words.expected(parameter.schema())));
    }
  }

  /** One fault a place: the first thing that is wrong there says all that was expected. */
  private void judge(Schema schema, ObjectNode json, List<Fault> faults) {
    Gathered found = new Gathered();
    try {
      schema.validate(found, json, OutputFormat.DEFAULT);
    } catch (Gathered.FullException e) {
      assert found.getErrors().size() == Gathered.MOST; // which is more than anybody is told
    } catch (NumberFormatException e) {
      endless("", json, faults); // the validator cannot compare what became infinite
      return;
    }
    Set<String> places = new LinkedHashSet<>();
    for (Error error : found.getErrors()) {
      Fault fault = words.fault(error);
      if (places.add(fault.field())) {
        faults.add(fault);
      }
    }
  }

  /**
   * What the validator finds, up to an end: a list of a million numbers in place of events would
   * make a million errors, each many times its number.
   */
  private static final class Gathered extends ExecutionContext {
    /** More than anybody is told. */
    private static final int MOST = 1_000;

    private static final class FullException extends RuntimeException {
      private FullException() {
        super(null, null, false, false);
      }
    }

    @Override
    public void addError(Error error) {
      if (getErrors().size() >= MOST) {
        throw new FullException();
      }
      super.addError(error);
    }
  }

  private static void endless(String place, JsonNode node, List<Fault> faults) {
    if (node.isDouble() && Double.isInfinite(node.doubleValue())) {
      faults.add(Fault.hidden(place, SchemaJudge.FINITE));
    }
    node.properties()
        .forEach(
            member -> endless(FieldPath.member(place, member.getKey()), member.getValue(), faults));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      endless(place + "[" + i + "]", node.get(i), faults);
    }
  }
}
